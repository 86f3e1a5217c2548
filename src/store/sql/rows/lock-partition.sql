-- In:   partition.
-- Rows: where the partition stands and whose it is, locked: waits until the transaction that moves it has ended.
SELECT epoch, claim, position, watermark_ms, watermark_seq, clock_ms, judged_ms
FROM partitions WHERE id = ? FOR UPDATE
