-- Rows: where each partition stands.
SELECT id, position FROM partitions ORDER BY id
