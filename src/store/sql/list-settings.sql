-- Rows: what the database was set up with, and beside each how many partitions have their row. Locks nothing: most
--       processes that start only compare.
SELECT name, value, (SELECT COUNT(*) FROM partitions) AS partition_rows FROM settings
