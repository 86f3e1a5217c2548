-- In:   the last show id of the page before (16 bytes; all ones for the first page); shows per page.
-- Rows: as for find-ledgers, newest show first.
SELECT s.id, s.name AS show_name, s.revision, s.opened_at_ms, s.rules,
  p.pool_id, p.name, p.capacity, p.target, p.held, p.confirmed, p.as_of_ms
FROM (
  SELECT id, name, revision, opened_at_ms, rules FROM shows WHERE id < ? ORDER BY id DESC LIMIT ?
) AS s
LEFT JOIN pools AS p ON p.show_id = s.id
ORDER BY s.id DESC, p.ordinal
