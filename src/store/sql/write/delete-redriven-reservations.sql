-- In:   a JSON array of arrays, each with a reservation id (hex) in front: the rows of insert-reservations.
-- Rows: the pending rows that made way: of requests that were parked and have been sent again since.
-- Why:  such a request is decided like any other, so its reservation is inserted; the row that was kept while it was
--       parked stands in its place. While an entry of it is parked and was not sent again, the row stays and the
--       request is a duplicate.
DELETE r FROM JSON_TABLE(?, '$[*]' COLUMNS (id VARCHAR(64) PATH '$[0]')) AS d
STRAIGHT_JOIN reservations AS r FORCE INDEX (PRIMARY) ON r.id = UNHEX(d.id)
WHERE r.status = 'pending'
  AND NOT EXISTS (SELECT 1 FROM parked AS p WHERE p.request_id = r.id AND p.redriven_as IS NULL)
