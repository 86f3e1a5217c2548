-- In:   a JSON array of request ids (hex).
-- Rows: the requests among them that have a decision in this journal or are parked.
SELECT d.id AS id
FROM JSON_TABLE(?, '$[*]' COLUMNS (id VARCHAR(64) PATH '$')) AS d
WHERE EXISTS (SELECT 1 FROM journal AS j WHERE j.request_id = UNHEX(d.id))
  OR EXISTS (SELECT 1 FROM parked AS p WHERE p.request_id = UNHEX(d.id))
