-- In:   rows of reservation id, expires at (ms), partition.
-- Rows: the holds inserted.
INSERT INTO holds (reservation_id, expires_at_ms, partition_id)
VALUES (:hex, :number, :number)
