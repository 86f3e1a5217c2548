-- In:   a JSON array of [reservation id (hex), expires at (ms), partition].
-- Rows: matched holds. Fewer than elements = one of them does not exist: roll back.
UPDATE JSON_TABLE(?, '$[*]' COLUMNS (
  reservation_id VARCHAR(64) PATH '$[0]',
  expires_at_ms BIGINT UNSIGNED PATH '$[1]',
  partition_id INT PATH '$[2]'
)) AS d
STRAIGHT_JOIN holds AS h FORCE INDEX (PRIMARY) ON h.reservation_id = UNHEX(d.reservation_id)
SET h.expires_at_ms = d.expires_at_ms
WHERE h.partition_id = d.partition_id
