-- In:   rows of stream ms, stream seq, sha256, request id (or null), raw, reason, attempts, parked at (ms),
--       partition.
-- Rows: 1 for each row inserted, 2 for each that was there already.
-- Why:  an entry that is parked again is the same parked entry. It decides nothing, so only its attempts are
--       counted.
INSERT INTO parked
  (stream_ms, stream_seq, sha256, request_id, raw, reason, attempts, parked_at_ms, partition_id)
VALUES (:number, :number, :hex, :hex, :hex, :text, :number, :number, :number)
ON DUPLICATE KEY UPDATE attempts = parked.attempts + 1
