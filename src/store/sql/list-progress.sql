-- Rows: one a partition, in order: where it stands.
SELECT id, position, watermark_ms, watermark_seq, clock_ms, judged_ms FROM partitions ORDER BY id
