-- In:   a JSON array of show ids (hex).
-- Rows: one per pool, the pools of a show together and in their order; one with nulls for a show without
--       pools; none for a show that does not exist.
SELECT s.id, s.name AS show_name, s.revision, s.opened_at_ms, s.rules,
  p.pool_id, p.name, p.capacity, p.target, p.held, p.confirmed, p.as_of_ms
FROM JSON_TABLE(?, '$[*]' COLUMNS (id VARCHAR(64) PATH '$')) AS d
STRAIGHT_JOIN shows AS s ON s.id = UNHEX(d.id)
LEFT JOIN pools AS p ON p.show_id = s.id
ORDER BY s.id, p.ordinal
