-- In:   when (ms), by whom and why (all three null to withdraw a dismissal); 1 if the entry is dismissed now,
--       0 if it is not; partition, stream ms, stream seq, hash (32 bytes).
-- Rows: 1; 0 when the entry is not parked any more, or another operator was faster.
-- Why:  an entry that was sent again cannot be dismissed: either it is decided, or it is parked again in
--       another row.
UPDATE parked SET dismissed_at_ms = ?, dismissed_by = ?, dismissed_because = ?
WHERE (dismissed_at_ms IS NOT NULL) = ? AND (redriven_as IS NULL OR redriven_as = 'sending')
  AND partition_id = ? AND stream_ms = ? AND stream_seq = ? AND sha256 = ?
