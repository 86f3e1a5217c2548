-- In:   a table's name.
-- Rows: one when the table exists.
SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = ?
