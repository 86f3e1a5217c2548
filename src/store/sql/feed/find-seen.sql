-- In:   a JSON array of [partition, position].
-- Rows: the decisions at these positions.
SELECT j.partition_id, j.position, j.type, j.request_id, j.stream_ms, j.stream_seq, j.decided_at_ms
FROM JSON_TABLE(?, '$[*]' COLUMNS (partition_id INT PATH '$[0]', position BIGINT UNSIGNED PATH '$[1]')) AS d
STRAIGHT_JOIN journal AS j ON j.partition_id = d.partition_id AND j.position = d.position
