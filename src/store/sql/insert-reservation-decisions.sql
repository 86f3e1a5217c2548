-- In:   partition; a JSON array of [reservation id (hex), position].
-- Rows: the lines inserted, one a decision about a reservation that its own request did not ask for.
INSERT INTO reservation_decisions (partition_id, reservation_id, position)
SELECT ?, UNHEX(d.reservation_id), d.position
FROM JSON_TABLE(?, '$[*]' COLUMNS (
  reservation_id VARCHAR(64) PATH '$[0]',
  position BIGINT UNSIGNED PATH '$[1]'
)) AS d
