-- In:   reservation id (16 bytes), twice.
-- Rows: the journal entries about it in the order they were made: its own request's, then the first thousand of follow-ups
--       and lapses. Whoever repeats a follow-up makes no more than that to be read.
SELECT position, request_id, type, show_id, stream_ms, stream_seq, decided_at_ms, judged_at_ms, late, data
FROM journal WHERE request_id = ?
UNION ALL
SELECT j.position, j.request_id, j.type, j.show_id, j.stream_ms, j.stream_seq, j.decided_at_ms, j.judged_at_ms, j.late, j.data
FROM (
  SELECT partition_id, position FROM reservation_decisions WHERE reservation_id = ? ORDER BY position LIMIT 1000
) AS d
JOIN journal AS j ON j.partition_id = d.partition_id AND j.position = d.position
ORDER BY position
