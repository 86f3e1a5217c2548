-- In:   a JSON array of request ids (hex).
-- Rows: one per decision on one of these requests, in any partition.
SELECT j.request_id, j.partition_id, j.position, j.stream_ms, j.stream_seq, j.late
FROM JSON_TABLE(?, '$[*]' COLUMNS (id VARCHAR(64) PATH '$')) AS d
STRAIGHT_JOIN journal AS j ON j.request_id = UNHEX(d.id)
ORDER BY j.partition_id, j.position
