-- In:   nothing.
-- Rows: one a partition, in order: whose it is and since when, where it stands, and how many of its entries are parked
--       without a decision and wait to be sent again.
SELECT w.id, w.epoch, w.owner, w.claimed_at_ms, w.position, w.watermark_ms, w.watermark_seq, w.clock_ms, w.judged_ms,
  (SELECT COUNT(*) FROM parked AS p
   WHERE p.partition_id = w.id AND (p.redriven_as IS NULL OR p.redriven_as = 'sending')
     AND NOT EXISTS (SELECT 1 FROM journal AS j WHERE j.request_id = p.request_id)) AS parked
FROM partitions AS w ORDER BY w.id
