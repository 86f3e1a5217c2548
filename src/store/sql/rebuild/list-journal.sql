-- In:   partition; the position behind which to begin; the last position that counts; decisions a page.
-- Rows: journal entries in order.
SELECT position, request_id, type, show_id, stream_ms, stream_seq, decided_at_ms, judged_at_ms, late, data
FROM journal WHERE partition_id = ? AND position > ? AND position <= ?
ORDER BY position LIMIT ?
