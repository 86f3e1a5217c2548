-- In:   show id; the last id of the page before (16 bytes; all ones for the first page); the last id to look at (zeros
--       where all may be); status and reference, each twice and null where all are wanted; reservations a page.
-- Rows: everybody's reservations of the show, newest first.
SELECT id, show_id, customer_id, status, reason, pool_id, line_list, reference, requested_ms, requested_seq,
  decided_at_ms, expires_at_ms, extended, changed_at_ms, first_id
FROM reservations FORCE INDEX (reservations_show)
WHERE show_id = ? AND id < ? AND id >= ?
  AND (? IS NULL OR status = ?)
  AND (? IS NULL OR reference = ?)
ORDER BY id DESC LIMIT ?
