-- In:   a connection's number.
-- Rows: one while that connection waits for tables that others have in use.
SELECT id FROM information_schema.processlist WHERE id = ? AND state LIKE 'Waiting for table metadata lock%'
