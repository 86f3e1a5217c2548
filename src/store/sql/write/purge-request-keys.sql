-- In:   the time (ms) up to which a key is too old to count; keys at most.
-- Rows: the keys forgotten.
DELETE FROM request_keys WHERE made_at_ms <= ? ORDER BY made_at_ms LIMIT ?
