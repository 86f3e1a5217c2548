-- In:   a JSON array of [key hash (hex), request id (hex), fingerprint (hex), made at (ms)].
-- Rows: the keys inserted. Error 1062 = one belongs to a request already, perhaps to one too old to matter.
INSERT INTO request_keys (key_hash, request_id, fingerprint, made_at_ms)
SELECT UNHEX(d.key_hash), UNHEX(d.request_id), UNHEX(d.fingerprint), d.made_at_ms
FROM JSON_TABLE(?, '$[*]' COLUMNS (
  key_hash VARCHAR(128) PATH '$[0]',
  request_id VARCHAR(64) PATH '$[1]',
  fingerprint VARCHAR(128) PATH '$[2]',
  made_at_ms BIGINT UNSIGNED PATH '$[3]'
)) AS d
