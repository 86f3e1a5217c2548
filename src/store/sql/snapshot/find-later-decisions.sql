-- In:   a JSON array of [reservation id (hex), position]; partition.
-- Rows: one per element whose reservation refers to the decision at this position.
SELECT r.position
FROM JSON_TABLE(?, '$[*]' COLUMNS (id VARCHAR(64) PATH '$[0]', position BIGINT UNSIGNED PATH '$[1]')) AS d
STRAIGHT_JOIN reservation_decisions AS r ON r.reservation_id = UNHEX(d.id) AND r.position = d.position
WHERE r.partition_id = ?
