-- Rows: one a partition, in order: how far it is decided.
SELECT id, position, watermark_ms, watermark_seq FROM partitions ORDER BY id
