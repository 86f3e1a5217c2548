-- In:   claim token (16 bytes), who raised them, now (ms).
-- Rows: one a partition: whoever owned it is superseded, and no copy of this database has the claim it has now.
UPDATE partitions SET epoch = epoch + 1, claim = ?, owner = ?, claimed_at_ms = ?
