-- In:   rows of stream ms, stream seq, sha256, request id (or null), raw, reason, attempts, parked at (ms), partition.
-- Rows: inserted 1, seen before 2 each.
-- Why:  an entry parked again is the same parked entry; it decides nothing, so counting it is all there is to do.
INSERT INTO parked
  (stream_ms, stream_seq, sha256, request_id, raw, reason, attempts, parked_at_ms, partition_id)
VALUES (:number, :number, :hex, :hex, :hex, :text, :number, :number, :number)
ON DUPLICATE KEY UPDATE attempts = parked.attempts + 1
