-- In:   value; name.
-- Rows: 1.
UPDATE settings SET value = ? WHERE name = ?
