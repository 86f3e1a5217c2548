-- In:   a show's id; the reservation id after which to begin, and the last one that counts.
-- Rows: one per pool in which these reservations hold places: how many places are held, and how many
--       confirmed.
-- Why:  pool ids are compared as bytes by a collation. Cast to BINARY they would be blobs, which MariaDB
--       groups in a file each time. Lines that are not JSON would fail the whole statement, so they count as
--       no lines; the comparison with the counters then finds a difference.
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
