-- In:   request id (16 bytes); partition, stream ms, stream seq, hash (32 bytes).
-- Rows: 1; 0 when the entry is not parked, or was dismissed.
-- Why:  the entry is marked before it is sent: once it is marked, the request no longer counts as parked, so
--       it is decided however soon a projector reads it. Where an older version could not read the request,
--       its id is filled in here.
UPDATE parked SET redriven_as = 'sending', request_id = COALESCE(request_id, ?)
WHERE partition_id = ? AND stream_ms = ? AND stream_seq = ? AND sha256 = ? AND dismissed_at_ms IS NULL
