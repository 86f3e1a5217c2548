-- In:   rows of reservation id, position, partition.
-- Rows: the lines inserted, one a decision about a reservation that its own request did not ask for.
INSERT INTO reservation_decisions (reservation_id, position, partition_id)
VALUES (:hex, :number, :number)
