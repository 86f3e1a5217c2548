-- In:   a JSON array of [reservation id (hex), partition].
-- Rows: the holds that ended. Fewer than elements = one did not exist: roll back, because its places would be
--       given back twice.
DELETE h FROM JSON_TABLE(?, '$[*]' COLUMNS (
  reservation_id VARCHAR(64) PATH '$[0]',
  partition_id INT PATH '$[1]'
)) AS d
STRAIGHT_JOIN holds AS h ON h.reservation_id = UNHEX(d.reservation_id)
WHERE h.partition_id = d.partition_id
