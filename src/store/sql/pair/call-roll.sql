-- In:   the word of this roll call, twice.
-- Rows: not used. Afterwards the setting exists and holds the word.
INSERT INTO settings (name, value) VALUES ('roll', ?) ON DUPLICATE KEY UPDATE settings.value = ?
