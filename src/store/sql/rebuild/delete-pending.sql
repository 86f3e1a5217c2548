-- Rows: the pending reservations that were removed from the new table.
-- Why:  before more of the journal is replayed, they have to go: they may have been decided meanwhile, and a
--       decision inserts its reservation.
DELETE s FROM (SELECT DISTINCT request_id FROM parked WHERE request_id IS NOT NULL) AS p
STRAIGHT_JOIN reservations_rebuild AS s ON s.id = p.request_id
WHERE s.status = 'pending'
