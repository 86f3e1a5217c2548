-- In:   show id; the last id of the page before (16 bytes; all ones for the first page); how many rows may be looked at,
--       less one.
-- Rows: one: the last id that may be looked at. None where no more are left.
-- Why:  the index alone answers; no row is read.
SELECT id FROM reservations FORCE INDEX (reservations_show)
WHERE show_id = ? AND id < ?
ORDER BY id DESC LIMIT 1 OFFSET ?
