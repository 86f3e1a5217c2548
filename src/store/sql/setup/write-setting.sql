-- In:   name; value.
-- Why:  the first value stays. A process that finds another value decides under a lock what to do.
INSERT INTO settings (name, value) VALUES (?, ?) ON DUPLICATE KEY UPDATE settings.value = settings.value
