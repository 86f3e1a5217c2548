-- In:   partition.
-- Rows: the partition's claim and progress, locked. The statement waits until a transaction that advances the
--       partition has ended.
SELECT epoch, claim, position, watermark_ms, watermark_seq, clock_ms, judged_ms
FROM partitions WHERE id = ? FOR UPDATE
