-- In:   a JSON array of [reservation id (hex), expires at (ms), partition].
-- Rows: the holds inserted.
INSERT INTO holds (partition_id, reservation_id, expires_at_ms)
SELECT d.partition_id, UNHEX(d.reservation_id), d.expires_at_ms
FROM JSON_TABLE(?, '$[*]' COLUMNS (
  reservation_id VARCHAR(64) PATH '$[0]',
  expires_at_ms BIGINT UNSIGNED PATH '$[1]',
  partition_id INT PATH '$[2]'
)) AS d
