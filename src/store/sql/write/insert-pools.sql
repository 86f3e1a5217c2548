-- In:   rows of show id, pool, ordinal, name, capacity, as of (ms), partition.
-- Rows: the pools inserted, empty. Error 1062 = a show names one pool twice: the data is refused.
INSERT INTO pools (held, confirmed, show_id, pool_id, ordinal, name, capacity, as_of_ms, partition_id)
VALUES (0, 0, :hex, :text, :number, :text, :number, :number, :number)
