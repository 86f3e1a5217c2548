-- In:   as for insert-pools.
-- Why:  a changed show names all its pools. New pools are inserted, empty. Existing ones keep their counters
--       and their capacity: change-pools sets the capacity together with the movements of the batch.
INSERT INTO pools (held, confirmed, show_id, pool_id, ordinal, name, capacity, as_of_ms, partition_id)
VALUES (0, 0, :hex, :text, :number, :text, :number, :number, :number)
ON DUPLICATE KEY UPDATE name = VALUES(name)
