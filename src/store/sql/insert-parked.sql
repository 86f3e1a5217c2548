-- In:   a JSON array of [stream ms, stream seq, sha256 (hex), request id (hex or null), raw (base64), reason,
--       attempts, parked at (ms), partition].
-- Rows: inserted 1, seen before 2 each.
-- Why:  an entry parked again is the same parked entry; it decides nothing, so counting it is all there is to do.
INSERT INTO parked
  (partition_id, stream_ms, stream_seq, sha256, request_id, raw, reason, attempts, parked_at_ms)
SELECT d.partition_id, d.stream_ms, d.stream_seq, UNHEX(d.sha256), UNHEX(d.request_id), FROM_BASE64(d.raw), d.reason,
  d.attempts, d.parked_at_ms
FROM JSON_TABLE(?, '$[*]' COLUMNS (
  stream_ms BIGINT UNSIGNED PATH '$[0]',
  stream_seq BIGINT UNSIGNED PATH '$[1]',
  sha256 VARCHAR(128) PATH '$[2]',
  request_id VARCHAR(64) PATH '$[3]',
  raw LONGTEXT PATH '$[4]',
  reason MEDIUMTEXT PATH '$[5]',
  attempts BIGINT UNSIGNED PATH '$[6]',
  parked_at_ms BIGINT UNSIGNED PATH '$[7]',
  partition_id INT PATH '$[8]'
)) AS d
ON DUPLICATE KEY UPDATE attempts = parked.attempts + 1
