-- In:   a JSON array of [id (hex), show id (hex), customer, status, reason, pool, lines, reference, requested
--       ms, requested seq, decided at (ms), partition]; reason, pool, reference and decided at may be null.
-- Rows: the reservations inserted. Error 1062 = one of them is known: decided, or parked and pending.
-- Why:  see insert-journal. Never INSERT IGNORE: a row dropped after its decision was made has taken places for nothing.
INSERT INTO reservations
  (partition_id, id, show_id, customer_id, status, reason, pool_id, line_list, reference, requested_ms,
   requested_seq, decided_at_ms)
SELECT d.partition_id, UNHEX(d.id), UNHEX(d.show_id), d.customer_id, d.status, d.reason, d.pool_id, d.line_list, d.reference,
  d.requested_ms, d.requested_seq, d.decided_at_ms
FROM JSON_TABLE(?, '$[*]' COLUMNS (
  id VARCHAR(64) PATH '$[0]',
  show_id VARCHAR(64) PATH '$[1]',
  customer_id VARCHAR(1024) PATH '$[2]',
  status VARCHAR(64) PATH '$[3]',
  reason VARCHAR(64) PATH '$[4]',
  pool_id VARCHAR(1024) PATH '$[5]',
  line_list MEDIUMTEXT PATH '$[6]',
  reference VARCHAR(1024) PATH '$[7]',
  requested_ms BIGINT UNSIGNED PATH '$[8]',
  requested_seq BIGINT UNSIGNED PATH '$[9]',
  decided_at_ms BIGINT UNSIGNED PATH '$[10]',
  partition_id INT PATH '$[11]'
)) AS d
