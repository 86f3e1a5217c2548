-- In:   a JSON array of [reservation id (hex), position, partition].
-- Rows: the lines inserted, one a decision about a reservation that its own request did not ask for.
INSERT INTO reservation_decisions (partition_id, reservation_id, position)
SELECT d.partition_id, UNHEX(d.reservation_id), d.position
FROM JSON_TABLE(?, '$[*]' COLUMNS (
  reservation_id VARCHAR(64) PATH '$[0]',
  position BIGINT UNSIGNED PATH '$[1]',
  partition_id INT PATH '$[2]'
)) AS d
