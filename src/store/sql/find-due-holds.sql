-- In:   partition; the latest expiry (ms) that counts; holds at most.
-- Rows: their reservations, the earliest first.
SELECT r.id, r.show_id, r.customer_id, r.status, r.reason, r.pool_id, r.line_list, r.reference, r.requested_ms,
  r.requested_seq, r.decided_at_ms, r.expires_at_ms, r.extended, r.changed_at_ms, r.first_id
FROM holds AS h FORCE INDEX (holds_due)
STRAIGHT_JOIN reservations AS r ON r.id = h.reservation_id
WHERE h.partition_id = ? AND h.expires_at_ms <= ?
ORDER BY h.expires_at_ms, h.reservation_id LIMIT ?
