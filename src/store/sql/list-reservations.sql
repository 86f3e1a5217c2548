-- In:   customer; the last id of the page before (16 bytes; all ones for the first page); the last id to look at (zeros
--       where all may be); show id, status and reference, each twice and null where all are wanted; reservations a page.
-- Rows: the customer's own, newest first.
-- Why:  the number of placeholders never changes, so one prepared statement serves every filter. The index gives a
--       customer's rows in order; filters look at those rows alone.
SELECT id, show_id, customer_id, status, reason, pool_id, line_list, reference, requested_ms, requested_seq,
  decided_at_ms, expires_at_ms, extended, changed_at_ms, first_id
FROM reservations FORCE INDEX (reservations_customer)
WHERE customer_id = ? AND id < ? AND id >= ?
  AND (? IS NULL OR show_id = ?)
  AND (? IS NULL OR status = ?)
  AND (? IS NULL OR reference = ?)
ORDER BY id DESC LIMIT ?
