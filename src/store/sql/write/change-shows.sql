-- In:   a JSON array of [show id (hex), name, revision, rules, partition], one element per show.
-- Rows: matched shows. Fewer than elements = a show does not exist or belongs to another partition: roll
--       back.
UPDATE JSON_TABLE(?, '$[*]' COLUMNS (
  id VARCHAR(64) PATH '$[0]',
  name VARCHAR(1024) PATH '$[1]',
  revision BIGINT PATH '$[2]',
  rules MEDIUMTEXT PATH '$[3]',
  partition_id INT PATH '$[4]'
)) AS d
STRAIGHT_JOIN shows AS s FORCE INDEX (PRIMARY) ON s.id = UNHEX(d.id)
SET s.name = d.name, s.revision = d.revision, s.rules = d.rules
WHERE s.partition_id = d.partition_id
