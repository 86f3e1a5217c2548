-- In:   a show's id; behind which id of a reservation, and up to which.
-- Rows: one a pool that reservations among these hold places of: how many, held and confirmed.
-- Why:  ids of pools are compared by their bytes; cast to BINARY they would be blobs, which MariaDB groups in a file each
--       time. Lines that are no JSON would fail the whole statement: they count as none, which is found as a difference.
SELECT l.pool_id COLLATE utf8mb4_bin AS pool_id,
  SUM(CASE WHEN r.status = 'held' THEN l.quantity ELSE 0 END) AS held,
  SUM(CASE WHEN r.status = 'confirmed' THEN l.quantity ELSE 0 END) AS confirmed
FROM reservations AS r FORCE INDEX (reservations_show)
STRAIGHT_JOIN JSON_TABLE(CASE WHEN JSON_VALID(r.line_list) THEN r.line_list ELSE '[]' END, '$[*]' COLUMNS (
  pool_id VARCHAR(256) PATH '$[0]',
  quantity BIGINT PATH '$[1]'
)) AS l
WHERE r.show_id = ? AND r.id > ? AND r.id <= ? AND r.status IN ('held', 'confirmed')
GROUP BY l.pool_id COLLATE utf8mb4_bin
