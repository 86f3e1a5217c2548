-- In:   partition; the key of the last entry of the page before: stream ms, stream ms, stream seq, stream ms,
--       stream seq, sha256; entries per page.
-- Rows: one per parked entry, in the order of the key.
SELECT stream_ms, stream_seq, sha256, request_id, dismissed_at_ms
FROM parked
WHERE partition_id = ?
  AND (stream_ms > ? OR (stream_ms = ? AND stream_seq > ?) OR (stream_ms = ? AND stream_seq = ? AND sha256 > ?))
ORDER BY stream_ms, stream_seq, sha256 LIMIT ?
