-- In:   partition, twice, and a part of the reason, twice, each null where all are wanted.
-- Rows: parked entries by reason and by what became of them: how many, and when the first and the last of them was
--       parked. A request's own id in its reason does not make a group of its own.
SELECT g.reason, g.state, COUNT(*) AS entries, MIN(g.parked_at_ms) AS oldest_ms, MAX(g.parked_at_ms) AS newest_ms
FROM (
  SELECT REGEXP_REPLACE(p.reason, '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}', '(id)') AS reason, p.parked_at_ms,
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
  WHERE (? IS NULL OR p.partition_id = ?) AND (? IS NULL OR LOCATE(?, p.reason) > 0)
) AS g
GROUP BY g.reason, g.state
ORDER BY oldest_ms, g.reason, g.state LIMIT 1000
