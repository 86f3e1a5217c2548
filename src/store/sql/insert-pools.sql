-- In:   a JSON array of [show id (hex), pool, ordinal, name, capacity, as of (ms), partition].
-- Rows: the pools inserted, empty. Error 1062 = a show names one pool twice: the data is refused.
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
