-- Rows: the pending reservations taken out of the new table again.
-- Why:  they may be decided by the time it is filled further, and a decision inserts its reservation.
DELETE s FROM (SELECT DISTINCT request_id FROM parked WHERE request_id IS NOT NULL) AS p
STRAIGHT_JOIN reservations_rebuild AS s ON s.id = p.request_id
WHERE s.status = 'pending'
