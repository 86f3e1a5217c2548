-- In:   as for insert-pools.
-- Why:  a changed show names all its pools: new ones are inserted, empty, and those there keep their numbers and their
--       capacity, which change-pools sets together with what the batch moves.
INSERT INTO pools (held, confirmed, show_id, pool_id, ordinal, name, capacity, as_of_ms, partition_id)
VALUES (0, 0, :hex, :text, :number, :text, :number, :number, :number)
ON DUPLICATE KEY UPDATE name = VALUES(name)
