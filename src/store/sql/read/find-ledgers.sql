-- In:   a JSON array of show ids (hex).
-- Rows: one a pool, a show's pools together and in their order, or one with nulls for a show without; shows that do not
--       exist are absent.
SELECT s.id, s.name AS show_name, s.revision, s.opened_at_ms, s.rules,
  p.pool_id, p.name, p.capacity, p.target, p.held, p.confirmed, p.as_of_ms
FROM JSON_TABLE(?, '$[*]' COLUMNS (id VARCHAR(64) PATH '$')) AS d
STRAIGHT_JOIN shows AS s ON s.id = UNHEX(d.id)
LEFT JOIN pools AS p ON p.show_id = s.id
ORDER BY s.id, p.ordinal
