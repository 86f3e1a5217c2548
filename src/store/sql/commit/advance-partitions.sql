-- The fence and the watermark in one: the first statement of every transaction that commits batches.
-- In:   a JSON array of [partition, epoch, claim token (hex), position before the batch; position, watermark ms, watermark
--       seq, clock (ms), judged until (ms) after it], one element a batch.
-- Rows: as many as elements = each claim still stands and nothing was committed since; the rows are locked until the
--       transaction ends. Fewer = one is fenced. Matched rows count, so a batch that changes nothing is not taken for it.
-- Why:  a lease in Redis may be lost unseen; this row cannot. Epoch alone is not enough, because a restored database
--       gives it out again, and neither is the claim, because a commit whose reply was lost must not happen twice.
UPDATE JSON_TABLE(?, '$[*]' COLUMNS (
  id INT PATH '$[0]',
  epoch BIGINT UNSIGNED PATH '$[1]',
  claim VARCHAR(64) PATH '$[2]',
  position_before BIGINT UNSIGNED PATH '$[3]',
  position BIGINT UNSIGNED PATH '$[4]',
  watermark_ms BIGINT UNSIGNED PATH '$[5]',
  watermark_seq BIGINT UNSIGNED PATH '$[6]',
  clock_ms BIGINT UNSIGNED PATH '$[7]',
  judged_ms BIGINT UNSIGNED PATH '$[8]'
)) AS d
STRAIGHT_JOIN partitions AS p FORCE INDEX (PRIMARY) ON p.id = d.id
SET p.position = d.position, p.watermark_ms = d.watermark_ms, p.watermark_seq = d.watermark_seq, p.clock_ms = d.clock_ms,
  p.judged_ms = d.judged_ms
WHERE p.epoch = d.epoch AND p.claim = UNHEX(d.claim) AND p.position = d.position_before
