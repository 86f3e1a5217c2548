-- The fence and the watermark in one: the first statement of every batch.
-- In:   position, watermark ms, watermark seq, clock (ms) after the batch; partition, epoch, claim token (16 bytes)
--       and position before it.
-- Rows: 1 = the claim still stands and nothing was committed since; the row is locked until the transaction ends.
--       0 = fenced. Matched rows count, so a batch that changes nothing is not taken for fenced.
-- Why:  a lease in Redis may be lost unseen; this row cannot. Epoch alone is not enough, because a restored database
--       gives it out again, and neither is the claim, because a commit whose reply was lost must not happen twice.
UPDATE partitions
SET position = ?, watermark_ms = ?, watermark_seq = ?, clock_ms = ?
WHERE id = ? AND epoch = ? AND claim = ? AND position = ?
