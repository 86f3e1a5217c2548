-- In:   request id (16 bytes); partition, stream ms, stream seq, hash (32 bytes).
-- Rows: 1; none where it is not parked, or was dismissed.
-- Why:  marked before it is sent: from the mark on the request is no longer known as parked, so it is decided however
--       soon it is read. A request that an older version could not read gets its id here.
UPDATE parked SET redriven_as = 'sending', request_id = COALESCE(request_id, ?)
WHERE partition_id = ? AND stream_ms = ? AND stream_seq = ? AND sha256 = ? AND dismissed_at_ms IS NULL
