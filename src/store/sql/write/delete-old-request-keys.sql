-- In:   a JSON array of key hashes (hex); the time (ms) up to which a key is too old to count.
-- Rows: the keys among them that were too old to count and are deleted, so that they can be used again.
DELETE k FROM JSON_TABLE(?, '$[*]' COLUMNS (key_hash VARCHAR(128) PATH '$')) AS d
STRAIGHT_JOIN request_keys AS k ON k.key_hash = UNHEX(d.key_hash)
WHERE k.made_at_ms <= ?
