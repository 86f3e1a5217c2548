-- In:   a JSON array of [show id (hex), pool, partition].
-- Rows: the pools whose capacity was lowered towards their target, as far as places came back.
-- Why:  after the movement and not in the same statement: a multi-table UPDATE promises no order of its
--       assignments, so it would depend on the server whether `held` on the right-hand side is the old or the
--       new number. For the same reason reach-targets is a statement of its own.
UPDATE JSON_TABLE(?, '$[*]' COLUMNS (
  show_id VARCHAR(64) PATH '$[0]',
  pool_id VARCHAR(1024) PATH '$[1]',
  partition_id INT PATH '$[2]'
)) AS d
STRAIGHT_JOIN pools AS p FORCE INDEX (PRIMARY)
  ON p.show_id = UNHEX(d.show_id) AND p.pool_id = CAST(d.pool_id AS BINARY)
SET p.capacity = GREATEST(p.target, p.held + p.confirmed)
WHERE p.partition_id = d.partition_id AND p.target IS NOT NULL AND p.capacity > GREATEST(p.target, p.held + p.confirmed)
