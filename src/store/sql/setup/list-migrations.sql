-- Rows: one per statement that was begun, in order.
SELECT file, statement, checksum, done FROM migrations ORDER BY file, statement
