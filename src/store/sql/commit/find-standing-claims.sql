-- In:   a JSON array with one element per batch: [partition, epoch, claim token (hex), position before it].
-- Rows: for each batch that could be committed, because its claim is still valid and nothing was committed since: its place in
--       the array, from 1, and the word of the last roll call.
-- Why:  the fence of a transaction with batches of several partitions tells only that some claim does not stand; and all claims
--       of a process are checked by one statement.
SELECT d.nth, (SELECT value FROM settings WHERE name = 'roll') AS roll
FROM JSON_TABLE(?, '$[*]' COLUMNS (
  nth FOR ORDINALITY,
  id INT PATH '$[0]',
  epoch BIGINT UNSIGNED PATH '$[1]',
  claim VARCHAR(64) PATH '$[2]',
  position_before BIGINT UNSIGNED PATH '$[3]'
)) AS d
STRAIGHT_JOIN partitions AS p FORCE INDEX (PRIMARY) ON p.id = d.id
WHERE p.epoch = d.epoch AND p.claim = UNHEX(d.claim) AND p.position = d.position_before
