-- Rows: one a partition whose owner is superseded: it drops what it has cached of the tables and claims again.
UPDATE partitions SET epoch = epoch + 1
