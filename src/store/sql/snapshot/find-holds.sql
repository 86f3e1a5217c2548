-- In:   a JSON array of reservation ids (hex).
-- Rows: one per live hold of one of these reservations.
SELECT h.reservation_id, h.expires_at_ms
FROM JSON_TABLE(?, '$[*]' COLUMNS (id VARCHAR(64) PATH '$')) AS d
STRAIGHT_JOIN holds AS h ON h.reservation_id = UNHEX(d.id)
