-- In:   a JSON array of request ids (hex).
-- Rows: one when any of them is parked and was not sent again.
SELECT 1 AS found
FROM JSON_TABLE(?, '$[*]' COLUMNS (id VARCHAR(64) PATH '$')) AS d
STRAIGHT_JOIN parked AS p FORCE INDEX (parked_request) ON p.request_id = UNHEX(d.id)
WHERE p.redriven_as IS NULL LIMIT 1
