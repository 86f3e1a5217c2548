-- In:   partition, epoch, claim token (16 bytes), position.
-- Rows: one while a batch of this claim, made from this position, could be committed; none when it would be fenced.
SELECT id FROM partitions WHERE id = ? AND epoch = ? AND claim = ? AND position = ?
