-- In:   rows of reservation id, position, partition.
-- Rows: the rows inserted, one per later decision on a reservation: each but the one on the request that made
--       it.
INSERT INTO reservation_decisions (reservation_id, position, partition_id)
VALUES (:hex, :number, :number)
