-- In:   a JSON array of [show id (hex), pool, held, confirmed, as of (ms), partition], one element per pool;
--       held and confirmed are added to the stored values.
-- Rows: matched pools. Fewer than elements = a pool does not exist or belongs to another partition: roll
--       back.
-- Why:  the values are added, not set, so that the CHECK judges the stored values, whatever the caller has
--       cached. Join order and key are forced: a scan of pools would lock other partitions' rows for a
--       moment.
UPDATE JSON_TABLE(?, '$[*]' COLUMNS (
  show_id VARCHAR(64) PATH '$[0]',
  pool_id VARCHAR(1024) PATH '$[1]',
  held BIGINT PATH '$[2]',
  confirmed BIGINT PATH '$[3]',
  as_of_ms BIGINT UNSIGNED PATH '$[4]',
  partition_id INT PATH '$[5]'
)) AS d
STRAIGHT_JOIN pools AS p FORCE INDEX (PRIMARY)
  ON p.show_id = UNHEX(d.show_id) AND p.pool_id = CAST(d.pool_id AS BINARY)
SET p.held = p.held + d.held, p.confirmed = p.confirmed + d.confirmed, p.as_of_ms = d.as_of_ms
WHERE p.partition_id = d.partition_id
