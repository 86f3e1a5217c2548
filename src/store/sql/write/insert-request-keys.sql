-- In:   rows of key hash, request id, fingerprint, made at (ms).
-- Rows: the keys inserted. Error 1062 = one belongs to a request already; that key may be too old to count.
INSERT INTO request_keys (key_hash, request_id, fingerprint, made_at_ms)
VALUES (:hex, :hex, :hex, :number)
