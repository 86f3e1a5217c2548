-- In:   the time (ms) up to which a key is too old to count; the maximum number of keys.
-- Rows: the keys deleted.
DELETE FROM request_keys WHERE made_at_ms <= ? ORDER BY made_at_ms LIMIT ?
