-- In:   a show's id, twice.
-- Rows: one a pool of it: what its counters say, and what the reservations that stand add up to.
-- Why:  one statement sees one moment, so that what is committed meanwhile makes no difference of its own. The ids are
--       compared by their bytes; cast to BINARY they would be blobs, which MariaDB groups in a file each time.
SELECT p.pool_id, p.capacity, p.held, p.confirmed,
  COALESCE(t.held, 0) AS held_sum, COALESCE(t.confirmed, 0) AS confirmed_sum
FROM pools AS p
LEFT JOIN (
  SELECT l.pool_id COLLATE utf8mb4_bin AS pool_id,
    SUM(CASE WHEN r.status = 'held' THEN l.quantity ELSE 0 END) AS held,
    SUM(CASE WHEN r.status = 'confirmed' THEN l.quantity ELSE 0 END) AS confirmed
  FROM reservations AS r FORCE INDEX (reservations_show)
  STRAIGHT_JOIN JSON_TABLE(r.line_list, '$[*]' COLUMNS (
    pool_id VARCHAR(256) PATH '$[0]',
    quantity BIGINT PATH '$[1]'
  )) AS l
  WHERE r.show_id = ? AND r.status IN ('held', 'confirmed')
  GROUP BY l.pool_id COLLATE utf8mb4_bin
) AS t ON t.pool_id = p.pool_id
WHERE p.show_id = ?
