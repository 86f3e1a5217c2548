-- In:   rows of id, name, opened at (ms), rules, partition.
-- Rows: the shows inserted. Error 1062 = one of them exists already.
INSERT INTO shows (revision, id, name, opened_at_ms, rules, partition_id)
VALUES (1, :hex, :text, :number, :text, :number)
