-- In:   the last request id of the page before (16 bytes; zeros for the first page); reservations per page.
-- Rows: reservations whose entry was parked and never decided, by id.
-- Why:  the journal does not contain them. They are found by the parked entries, because pending reservations
--       have no index.
SELECT r.partition_id, r.id, r.show_id, r.customer_id, r.status, r.reason, r.pool_id, r.line_list, r.reference,
  r.requested_ms, r.requested_seq, r.decided_at_ms, r.expires_at_ms, r.extended, r.changed_at_ms, r.first_id
FROM (SELECT DISTINCT request_id FROM parked WHERE request_id > ?) AS p
STRAIGHT_JOIN reservations AS r ON r.id = p.request_id
LEFT JOIN reservations_rebuild AS s ON s.id = r.id
WHERE r.status = 'pending' AND s.id IS NULL
ORDER BY r.id LIMIT ?
