-- In:   a JSON array of request ids (hex).
-- Rows: one per request that is known, with the first of these that exists: the reservation or the show whose
--       id it is; its decision in the journal; nulls for an entry that is parked and was not sent again. A
--       pending reservation counts as parked.
-- Why:  a request that was sent again must be decided like any other, so having been parked before does not
--       make it known. A locking read is not needed: the reader is the partition's only writer, and a request
--       id never leaves its partition.
SELECT UNHEX(d.id) AS asked_id, r.id AS reservation_id, s.id AS opened_id,
  j.position, j.request_id, j.type, j.show_id, j.stream_ms, j.stream_seq, j.decided_at_ms, j.judged_at_ms, j.late, j.data
FROM JSON_TABLE(?, '$[*]' COLUMNS (id VARCHAR(64) PATH '$')) AS d
LEFT JOIN reservations AS r ON r.id = UNHEX(d.id) AND r.status <> 'pending'
LEFT JOIN shows AS s ON s.id = UNHEX(d.id)
LEFT JOIN journal AS j ON j.request_id = UNHEX(d.id) AND r.id IS NULL AND s.id IS NULL
WHERE r.id IS NOT NULL OR s.id IS NOT NULL OR j.position IS NOT NULL
  OR EXISTS (SELECT 1 FROM parked AS p WHERE p.request_id = UNHEX(d.id) AND p.redriven_as IS NULL)
