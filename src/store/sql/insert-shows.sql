-- In:   a JSON array of [id (hex), name, opened at (ms), rules, partition].
-- Rows: the shows inserted. Error 1062 = one of them is open already.
INSERT INTO shows (partition_id, id, name, revision, opened_at_ms, rules)
SELECT d.partition_id, UNHEX(d.id), d.name, 1, d.opened_at_ms, d.rules
FROM JSON_TABLE(?, '$[*]' COLUMNS (
  id VARCHAR(64) PATH '$[0]',
  name VARCHAR(1024) PATH '$[1]',
  opened_at_ms BIGINT UNSIGNED PATH '$[2]',
  rules MEDIUMTEXT PATH '$[3]',
  partition_id INT PATH '$[4]'
)) AS d
