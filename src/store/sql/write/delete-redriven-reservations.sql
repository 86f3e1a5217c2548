-- In:   the rows of insert-reservations: a JSON array of arrays that begin with a reservation id (hex).
-- Rows: the pending reservations that were deleted: their requests were parked and have been sent again
--       since.
-- Why:  such a request is decided like any other, so its reservation is inserted; the row from the time when
--       it was parked would conflict. While an entry of the request is parked and was not sent again, the row
--       stays and the request is a duplicate.
DELETE r FROM JSON_TABLE(?, '$[*]' COLUMNS (id VARCHAR(64) PATH '$[0]')) AS d
STRAIGHT_JOIN reservations AS r FORCE INDEX (PRIMARY) ON r.id = UNHEX(d.id)
WHERE r.status = 'pending'
  AND NOT EXISTS (SELECT 1 FROM parked AS p WHERE p.request_id = r.id AND p.redriven_as IS NULL)
