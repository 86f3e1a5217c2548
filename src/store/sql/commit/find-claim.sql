-- In:   partition, epoch, claim token (16 bytes), position.
-- Rows: one while a batch of this claim, made from this position, could be committed, with the last call of the roll;
--       none when it would be fenced.
SELECT id, (SELECT value FROM settings WHERE name = 'roll') AS roll
FROM partitions WHERE id = ? AND epoch = ? AND claim = ? AND position = ?
