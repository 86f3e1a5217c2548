-- In:   a JSON array with one element per batch: [partition, epoch, claim token (hex), position before it].
-- Rows: the partitions whose batch could be committed: the claim is still valid and nothing was committed since.
-- Why:  the fence of a transaction with batches of several partitions tells only that some claim does not stand.
SELECT p.id
FROM JSON_TABLE(?, '$[*]' COLUMNS (
  id INT PATH '$[0]',
  epoch BIGINT UNSIGNED PATH '$[1]',
  claim VARCHAR(64) PATH '$[2]',
  position_before BIGINT UNSIGNED PATH '$[3]'
)) AS d
STRAIGHT_JOIN partitions AS p FORCE INDEX (PRIMARY) ON p.id = d.id
WHERE p.epoch = d.epoch AND p.claim = UNHEX(d.claim) AND p.position = d.position_before
