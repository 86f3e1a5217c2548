-- In:   partition; the latest expiry (ms) that counts; the last hold of the page before: its expiry (ms),
--       twice, and its reservation (16 bytes); the maximum number of holds.
-- Rows: holds after that one, by expiry and reservation, with their reservations (nulls when there is none).
-- Why:  a LEFT JOIN, because the caller has to see a hold without a reservation in order to skip it. The
--       comparison of (expiry, reservation) is written out: neither server uses an index to compare pairs.
SELECT h.reservation_id AS hold_id, h.expires_at_ms AS due_at_ms,
  r.id, r.show_id, r.customer_id, r.status, r.reason, r.pool_id, r.line_list, r.reference, r.requested_ms,
  r.requested_seq, r.decided_at_ms, r.expires_at_ms, r.extended, r.changed_at_ms, r.first_id
FROM holds AS h FORCE INDEX (holds_due)
LEFT JOIN reservations AS r ON r.id = h.reservation_id
WHERE h.partition_id = ? AND h.expires_at_ms <= ?
  AND h.expires_at_ms >= ? AND (h.expires_at_ms > ? OR h.reservation_id > ?)
ORDER BY h.expires_at_ms, h.reservation_id LIMIT ?
