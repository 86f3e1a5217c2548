-- In:   a JSON array of [show id (hex), customer].
-- Rows: one per element whose customer has live reservations of the show: the element's number in the array
--       (from 1), places held and confirmed, live holds, and the id of one reservation that cannot be
--       counted, if there is one.
-- Why:  in the index a customer's reservations lie together. Only those that still hold places are summed,
--       and the sum is taken from their lines, so that no other column has to agree with the lines. A
--       reservation with a status that this build does not know cannot be counted: it may hold places.
--       JSON_VALID is checked because lines that are not JSON would fail the whole statement.
SELECT d.n, SUM(l.quantity) AS places, COUNT(DISTINCT CASE WHEN r.status = 'held' THEN r.id END) AS holds,
  MIN(CASE WHEN COALESCE(l.quantity, 0) < 1 OR r.status NOT IN ('held', 'confirmed') THEN r.id END) AS uncounted_id
FROM JSON_TABLE(?, '$[*]' COLUMNS (
  n FOR ORDINALITY,
  show_id VARCHAR(64) PATH '$[0]',
  customer_id VARCHAR(1024) PATH '$[1]'
)) AS d
STRAIGHT_JOIN reservations AS r FORCE INDEX (reservations_customer)
  ON r.customer_id = CAST(d.customer_id AS BINARY) AND r.show_id = UNHEX(d.show_id)
  AND r.status NOT IN ('pending', 'rejected', 'cancelled', 'expired')
LEFT JOIN JSON_TABLE(CASE WHEN JSON_VALID(r.line_list) THEN r.line_list ELSE '[]' END, '$[*]' COLUMNS (
  quantity BIGINT PATH '$[1]'
)) AS l ON TRUE
GROUP BY d.n
