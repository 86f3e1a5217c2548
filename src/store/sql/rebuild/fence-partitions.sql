-- Rows: one per partition. Its owner is superseded: it drops everything it has cached of the tables and
--       claims the partition again.
UPDATE partitions SET epoch = epoch + 1
