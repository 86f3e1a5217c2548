-- In:   name.
-- Rows: its value, or none. Locks nothing.
SELECT value FROM settings WHERE name = ?
