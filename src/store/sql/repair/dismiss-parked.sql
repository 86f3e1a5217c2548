-- In:   when (ms), by whom and why, each null to take a dismissal back; 1 for what was dismissed, 0 for what was not;
--       partition, stream ms, stream seq, hash (32 bytes).
-- Rows: 1; none where it is not parked any more, or somebody else was first.
-- Why:  an entry that was sent again cannot be dismissed: it is decided, or parked again in a row of its own.
UPDATE parked SET dismissed_at_ms = ?, dismissed_by = ?, dismissed_because = ?
WHERE (dismissed_at_ms IS NOT NULL) = ? AND (redriven_as IS NULL OR redriven_as = 'sending')
  AND partition_id = ? AND stream_ms = ? AND stream_seq = ? AND sha256 = ?
