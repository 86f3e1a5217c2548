-- In:   a JSON array of key hashes (hex); the time (ms) up to which a key is too old to count.
-- Rows: one per key that belongs to a request.
SELECT k.key_hash, k.request_id, k.fingerprint
FROM JSON_TABLE(?, '$[*]' COLUMNS (key_hash VARCHAR(128) PATH '$')) AS d
STRAIGHT_JOIN request_keys AS k ON k.key_hash = UNHEX(d.key_hash)
WHERE k.made_at_ms > ?
