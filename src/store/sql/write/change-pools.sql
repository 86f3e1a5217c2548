-- In:   a JSON array of [show id (hex), pool, capacity, target, held, confirmed, as of (ms), partition], one
--       element per pool. held and confirmed are added to the stored values; capacity and target (null =
--       none) replace them.
-- Rows: matched pools, as for move-pools.
-- Why:  settings and movements are changed in one statement. A smaller capacity may be valid only because
--       places come back in the same batch; places taken later in the batch may fit only because the capacity
--       grew. The CHECK judges the result of both.
UPDATE JSON_TABLE(?, '$[*]' COLUMNS (
  show_id VARCHAR(64) PATH '$[0]',
  pool_id VARCHAR(1024) PATH '$[1]',
  capacity BIGINT PATH '$[2]',
  target BIGINT PATH '$[3]',
  held BIGINT PATH '$[4]',
  confirmed BIGINT PATH '$[5]',
  as_of_ms BIGINT UNSIGNED PATH '$[6]',
  partition_id INT PATH '$[7]'
)) AS d
STRAIGHT_JOIN pools AS p FORCE INDEX (PRIMARY)
  ON p.show_id = UNHEX(d.show_id) AND p.pool_id = CAST(d.pool_id AS BINARY)
SET p.capacity = d.capacity, p.target = d.target, p.held = p.held + d.held, p.confirmed = p.confirmed + d.confirmed,
  p.as_of_ms = d.as_of_ms
WHERE p.partition_id = d.partition_id
