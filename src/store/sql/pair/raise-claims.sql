-- In:   claim token (16 bytes), name of the owner to record, now (ms).
-- Rows: one per partition. Every former owner is superseded, and no copy of this database has the new claims.
UPDATE partitions SET epoch = epoch + 1, claim = ?, owner = ?, claimed_at_ms = ?
