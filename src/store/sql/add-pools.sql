-- In:   as for insert-pools.
-- Why:  a changed show names all its pools: new ones are inserted, empty, and those there keep their numbers and their
--       capacity, which change-pools sets together with what the batch moves.
INSERT INTO pools (partition_id, show_id, pool_id, ordinal, name, capacity, held, confirmed, as_of_ms)
SELECT d.partition_id, UNHEX(d.show_id), d.pool_id, d.ordinal, d.name, d.capacity, 0, 0, d.as_of_ms
FROM JSON_TABLE(?, '$[*]' COLUMNS (
  show_id VARCHAR(64) PATH '$[0]',
  pool_id VARCHAR(1024) PATH '$[1]',
  ordinal BIGINT PATH '$[2]',
  name VARCHAR(1024) PATH '$[3]',
  capacity BIGINT PATH '$[4]',
  as_of_ms BIGINT UNSIGNED PATH '$[5]',
  partition_id INT PATH '$[6]'
)) AS d
ON DUPLICATE KEY UPDATE name = VALUES(name)
