-- Rows: the position of each partition. The rows stay locked until the transaction ends: no commit is in
--       progress, and none can begin.
-- Why:  ordered by partition number, because the process that creates partitions locks them in this order
--       too; so the two cannot deadlock.
SELECT id, position FROM partitions ORDER BY id FOR UPDATE
