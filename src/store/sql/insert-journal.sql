-- In:   a JSON array of [position, request id (hex), type, show id (hex), stream ms, stream seq, decided at
--       (ms), late (0/1), data, partition]; request id, show id and stream id may be null.
-- Rows: the decisions inserted. Error 1062 on key journal_request = one of the requests has a decision already.
-- Why:  one prepared statement serves every batch size. JSON_TABLE cuts silently what is too long for *its* columns, so
--       these are wider than the table's, where strict mode refuses. 64-bit numbers travel as decimal text.
INSERT INTO journal
  (partition_id, position, request_id, type, show_id, stream_ms, stream_seq, decided_at_ms, late, data)
SELECT d.partition_id, d.position, UNHEX(d.request_id), d.type, UNHEX(d.show_id), d.stream_ms, d.stream_seq, d.decided_at_ms,
  d.late, d.data
FROM JSON_TABLE(?, '$[*]' COLUMNS (
  position BIGINT UNSIGNED PATH '$[0]',
  request_id VARCHAR(64) PATH '$[1]',
  type VARCHAR(64) PATH '$[2]',
  show_id VARCHAR(64) PATH '$[3]',
  stream_ms BIGINT UNSIGNED PATH '$[4]',
  stream_seq BIGINT UNSIGNED PATH '$[5]',
  decided_at_ms BIGINT UNSIGNED PATH '$[6]',
  late INT PATH '$[7]',
  data LONGTEXT PATH '$[8]',
  partition_id INT PATH '$[9]'
)) AS d
