-- Fence and watermark in one statement: the first one of every transaction that commits batches.
-- In:   a JSON array with one element per batch: [partition, epoch, claim token (hex), position before the
--       batch; and the values after it: position, watermark ms, watermark seq, clock (ms), judged until
--       (ms)].
-- Rows: as many as elements = each claim is still valid and nothing was committed since; the rows are locked
--       until the transaction ends. Fewer = at least one batch is fenced. The count is of matched rows, so
--       that a batch which changes no value does not look fenced.
-- Why:  the owner may lose its lease in Redis without noticing; it cannot lose this row without noticing. The
--       epoch alone is not enough, because a restored database gives the same epoch out again. The claim
--       alone is not enough either, because a commit whose reply was lost must not happen twice: the position
--       prevents that.
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
