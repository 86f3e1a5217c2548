-- In:   name; value.
-- Rows: 1. Error 1062 = the setting exists already and keeps its value.
INSERT INTO settings (name, value) VALUES (?, ?)
