-- In:   partition, stream ms, stream seq.
-- Rows: what is parked there, with what became of it; two where Redis gave a stream id twice. Columns as in list-parked.
SELECT p.partition_id, p.stream_ms, p.stream_seq, p.sha256, p.request_id, p.raw, OCTET_LENGTH(p.raw) AS bytes,
  p.reason, p.attempts, p.redriven_as, p.parked_at_ms,
  p.dismissed_at_ms, p.dismissed_by, p.dismissed_because,
  j.stream_ms AS decided_ms, j.stream_seq AS decided_seq, j.type AS decision,
  CASE
    WHEN j.position IS NOT NULL THEN 'decided'
    WHEN p.dismissed_at_ms IS NOT NULL THEN 'dismissed'
    WHEN p.redriven_as IS NULL THEN 'waiting'
    WHEN p.redriven_as = 'sending' THEN 'sending'
    WHEN EXISTS (
      SELECT 1 FROM parked AS again
      WHERE again.request_id = p.request_id AND CONCAT(again.stream_ms, '-', again.stream_seq) = p.redriven_as
    ) THEN 'parked-again'
    ELSE 'sent'
  END AS state
FROM parked AS p
LEFT JOIN journal AS j ON j.request_id = p.request_id
WHERE p.partition_id = ? AND p.stream_ms = ? AND p.stream_seq = ?
ORDER BY p.parked_at_ms
