-- In:   nothing.
-- Rows: one a partition, in order: whose it is and since when, where it stands, how many of its entries are parked
--       without a decision and wait to be sent again or dismissed, and how many holds that are due have no reservation that is held.
SELECT w.id, w.epoch, w.owner, w.claimed_at_ms, w.position, w.watermark_ms, w.watermark_seq, w.clock_ms, w.judged_ms,
  (SELECT COUNT(*) FROM parked AS p
   WHERE p.partition_id = w.id AND (p.redriven_as IS NULL OR p.redriven_as = 'sending')
     AND p.dismissed_at_ms IS NULL
     AND NOT EXISTS (SELECT 1 FROM journal AS j WHERE j.request_id = p.request_id)) AS parked,
  (SELECT COUNT(*) FROM holds AS h FORCE INDEX (holds_due)
   LEFT JOIN reservations AS r ON r.id = h.reservation_id AND r.status = 'held' AND r.expires_at_ms = h.expires_at_ms
     AND JSON_VALID(r.line_list)
   WHERE h.partition_id = w.id AND h.expires_at_ms <= 1000 * UNIX_TIMESTAMP() AND r.id IS NULL) AS stuck_holds
FROM partitions AS w ORDER BY w.id
