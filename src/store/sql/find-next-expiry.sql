-- In:   partition.
-- Rows: one, with when its next hold lapses; null when nothing is held.
SELECT MIN(expires_at_ms) AS expires_at_ms FROM holds WHERE partition_id = ?
