-- In:   partition; the position to go on behind; entries a page.
-- Rows: one an entry, in the order of their positions.
SELECT position, request_id, type, show_id, stream_ms, stream_seq, decided_at_ms, judged_at_ms, late, data
FROM journal
WHERE partition_id = ? AND position > ?
ORDER BY position LIMIT ?
