-- In:   request id (16 bytes).
-- Rows: its journal entries.
SELECT position, request_id, type, show_id, stream_ms, stream_seq, decided_at_ms, late, data
FROM journal WHERE request_id = ? ORDER BY partition_id, position
