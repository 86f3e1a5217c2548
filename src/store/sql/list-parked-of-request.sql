-- In:   request id (16 bytes).
-- Rows: its entries that were set aside, the first hundred.
SELECT stream_ms, stream_seq, reason, parked_at_ms
FROM parked WHERE request_id = ? ORDER BY parked_at_ms, stream_ms, stream_seq LIMIT 100
