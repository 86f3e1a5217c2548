-- In:   as for shrink-pools.
-- Rows: the pools that have reached their target, which is removed.
UPDATE JSON_TABLE(?, '$[*]' COLUMNS (
  show_id VARCHAR(64) PATH '$[0]',
  pool_id VARCHAR(1024) PATH '$[1]',
  partition_id INT PATH '$[2]'
)) AS d
STRAIGHT_JOIN pools AS p FORCE INDEX (PRIMARY)
  ON p.show_id = UNHEX(d.show_id) AND p.pool_id = CAST(d.pool_id AS BINARY)
SET p.target = NULL
WHERE p.partition_id = d.partition_id AND p.capacity <= p.target
