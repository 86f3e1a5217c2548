-- In:   the id of a connection.
-- Rows: one while that connection waits for tables that other sessions use.
SELECT id FROM information_schema.processlist WHERE id = ? AND state LIKE 'Waiting for table metadata lock%'
