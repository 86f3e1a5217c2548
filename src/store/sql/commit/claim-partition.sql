-- In:   new epoch, claim token (16 bytes), owner's name, now (ms); partition.
-- Rows: 1.
UPDATE partitions SET epoch = ?, claim = ?, owner = ?, claimed_at_ms = ? WHERE id = ?
