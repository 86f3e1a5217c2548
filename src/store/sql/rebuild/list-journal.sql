-- In:   partition; the position after which to begin; the last position that counts; decisions per page.
-- Rows: journal entries in order of position.
SELECT position, request_id, type, show_id, stream_ms, stream_seq, decided_at_ms, judged_at_ms, late, data
FROM journal WHERE partition_id = ? AND position > ? AND position <= ?
ORDER BY position LIMIT ?
