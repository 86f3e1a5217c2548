-- In:   a JSON array of request ids (hex).
-- Rows: one per request that was parked before, with the number of attempts so far.
SELECT p.request_id, MAX(p.attempts) AS attempts
FROM JSON_TABLE(?, '$[*]' COLUMNS (id VARCHAR(64) PATH '$')) AS d
STRAIGHT_JOIN parked AS p FORCE INDEX (parked_request) ON p.request_id = UNHEX(d.id)
GROUP BY p.request_id
