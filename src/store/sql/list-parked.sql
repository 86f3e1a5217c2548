-- In:   bytes of the entry that are wanted; partition, ms, seq and hash of the last entry of the page before; partition,
--       twice, and a part of the reason, twice, each null where all are wanted; 1 for those that wait to be sent again,
--       0 for all; 1 for those that were dismissed as well, 0 without them; entries a page.
-- Rows: parked entries, by partition, the oldest first, with what became of each and where its decision is.
SELECT p.partition_id, p.stream_ms, p.stream_seq, p.sha256, p.request_id, SUBSTRING(p.raw, 1, ?) AS raw,
  OCTET_LENGTH(p.raw) AS bytes, p.reason, p.attempts, p.redriven_as, p.parked_at_ms,
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
WHERE (p.partition_id, p.stream_ms, p.stream_seq, p.sha256)
    > (CAST(? AS UNSIGNED), CAST(? AS UNSIGNED), CAST(? AS UNSIGNED), ?)
  AND (? IS NULL OR p.partition_id = ?)
  AND (? IS NULL OR LOCATE(?, p.reason) > 0)
  AND (? = 0 OR (j.position IS NULL AND (p.redriven_as IS NULL OR p.redriven_as = 'sending')))
  AND (? = 1 OR p.dismissed_at_ms IS NULL)
ORDER BY p.partition_id, p.stream_ms, p.stream_seq, p.sha256 LIMIT ?
