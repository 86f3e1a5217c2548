-- Rows: the position of each partition.
SELECT id, position FROM partitions ORDER BY id
