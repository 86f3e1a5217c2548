-- In:   a JSON array of [id (hex), status, lines, reference, expires at (ms), extended (0/1), changed at
--       (ms), partition], one element per reservation; null keeps the stored value.
-- Rows: matched reservations. Fewer than elements = one does not exist or belongs to another partition: roll
--       back.
-- Why:  null can mean "keep", because no later decision sets one of these columns back to null. Join order
--       and key are forced as in move-pools.
UPDATE JSON_TABLE(?, '$[*]' COLUMNS (
  id VARCHAR(64) PATH '$[0]',
  status VARCHAR(64) PATH '$[1]',
  line_list MEDIUMTEXT PATH '$[2]',
  reference VARCHAR(1024) PATH '$[3]',
  expires_at_ms BIGINT UNSIGNED PATH '$[4]',
  extended INT PATH '$[5]',
  changed_at_ms BIGINT UNSIGNED PATH '$[6]',
  partition_id INT PATH '$[7]'
)) AS d
STRAIGHT_JOIN reservations AS r FORCE INDEX (PRIMARY) ON r.id = UNHEX(d.id)
SET r.status = COALESCE(d.status, r.status),
  r.line_list = COALESCE(d.line_list, r.line_list),
  r.reference = COALESCE(CAST(d.reference AS BINARY), r.reference),
  r.expires_at_ms = COALESCE(d.expires_at_ms, r.expires_at_ms),
  r.extended = COALESCE(d.extended, r.extended),
  r.changed_at_ms = COALESCE(d.changed_at_ms, r.changed_at_ms)
WHERE r.partition_id = d.partition_id
