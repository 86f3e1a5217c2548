-- Rows: one a partition whose owner is superseded: it drops what it remembers of the tables and claims again.
UPDATE partitions SET epoch = epoch + 1
