-- In:   rows of id, show id, customer, status, reason, pool, lines, reference, requested ms, requested seq,
--       decided at (ms), expires at (ms), extended (0/1), changed at (ms), first id, partition. May be null:
--       reason, pool, reference, first id, and all times except requested.
-- Rows: the reservations inserted. Error 1062 = one of them is known: decided, or parked and pending.
-- Why:  never INSERT IGNORE: the places of a row that is dropped after its decision would be taken for
--       nothing.
INSERT INTO reservations
  (id, show_id, customer_id, status, reason, pool_id, line_list, reference, requested_ms, requested_seq, decided_at_ms,
   expires_at_ms, extended, changed_at_ms, first_id, partition_id)
VALUES (:hex, :hex, :text, :text, :text?, :text?, :text, :text?, :number, :number, :number?,
  :number?, :number, :number?, :hex?, :number)
