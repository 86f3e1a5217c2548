-- In:   partition, epoch, claim token (16 bytes), position.
-- Rows: one, with the word of the last roll call, while a batch of this claim that was decided from this
--       position could be committed; none when such a batch would be fenced.
SELECT id, (SELECT value FROM settings WHERE name = 'roll') AS roll
FROM partitions WHERE id = ? AND epoch = ? AND claim = ? AND position = ?
