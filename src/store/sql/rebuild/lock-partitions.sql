-- Rows: where each partition stands, locked until the transaction ends: no batch can begin, and none is under way.
-- Why:  in the order of their numbers, as whoever creates partitions takes them, so that the two cannot deadlock.
SELECT id, position FROM partitions ORDER BY id FOR UPDATE
