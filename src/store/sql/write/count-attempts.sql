-- In:   a JSON array of request ids (hex).
-- Rows: one a request that was parked before, with how often it was tried.
SELECT p.request_id, MAX(p.attempts) AS attempts
FROM JSON_TABLE(?, '$[*]' COLUMNS (id VARCHAR(64) PATH '$')) AS d
STRAIGHT_JOIN parked AS p FORCE INDEX (parked_request) ON p.request_id = UNHEX(d.id)
GROUP BY p.request_id
