-- In:   show id; the last id of the page before (16 bytes; zeros for the first page); reservations a page, less one.
-- Rows: one: the last id of the page. None where fewer than a page are left.
-- Why:  the index alone answers; no row is read.
SELECT id FROM reservations FORCE INDEX (reservations_show)
WHERE show_id = ? AND id > ?
ORDER BY id LIMIT 1 OFFSET ?
