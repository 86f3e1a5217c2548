-- In:   a JSON array of request ids (hex).
-- Rows: one an id that is known: the whole reservation, or show_id alone for an opened show, or neither for a parked
--       entry. A reservation that is pending is a parked one.
-- Why:  a locking read is not needed: the reader is the partition's only writer, and a request id never leaves its
--       partition.
SELECT UNHEX(d.id) AS request_id, r.id, r.show_id, r.customer_id, r.status, r.reason, r.pool_id, r.line_list,
  r.reference, r.requested_ms, r.requested_seq, r.decided_at_ms, s.id AS opened_id
FROM JSON_TABLE(?, '$[*]' COLUMNS (id VARCHAR(64) PATH '$')) AS d
LEFT JOIN reservations AS r ON r.id = UNHEX(d.id)
LEFT JOIN shows AS s ON s.id = UNHEX(d.id)
WHERE r.id IS NOT NULL OR s.id IS NOT NULL
  OR EXISTS (SELECT 1 FROM parked AS p WHERE p.request_id = UNHEX(d.id))
