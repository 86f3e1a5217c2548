-- In:   name; value.
-- Rows: 1. Error 1062 = there is one already, and it stays.
INSERT INTO settings (name, value) VALUES (?, ?)
