-- In:   a JSON array of [reservation id (hex), its partition].
-- Rows: one per element: the partition's watermark (null when there is no such partition) and the reservation
--       (nulls when there is none).
-- Why:  one statement, so that row and watermark come from the same snapshot. Only then is "there is no row,
--       and the watermark has passed the request" a proof that the reservation does not exist.
SELECT UNHEX(d.id) AS asked_id, w.watermark_ms, w.watermark_seq, r.id, r.show_id, r.customer_id, r.status, r.reason,
  r.pool_id, r.line_list, r.reference, r.requested_ms, r.requested_seq, r.decided_at_ms,
  r.expires_at_ms, r.extended, r.changed_at_ms, r.first_id
FROM JSON_TABLE(?, '$[*]' COLUMNS (id VARCHAR(64) PATH '$[0]', partition_id BIGINT UNSIGNED PATH '$[1]')) AS d
LEFT JOIN partitions AS w ON w.id = d.partition_id
LEFT JOIN reservations AS r ON r.id = UNHEX(d.id)
