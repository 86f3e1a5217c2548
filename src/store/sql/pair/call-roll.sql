-- In:   word, twice.
-- Rows: the setting is there and holds the word.
INSERT INTO settings (name, value) VALUES ('roll', ?) ON DUPLICATE KEY UPDATE settings.value = ?
