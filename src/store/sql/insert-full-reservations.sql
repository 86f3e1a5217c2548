-- In:   as for insert-reservations up to "decided at", then expires at (ms), extended (0/1), changed at (ms), first id
--       (hex), partition; all of these but extended and partition may be null.
-- Rows: as for insert-reservations.
-- Why:  for reservations that are held, have changed in the batch that made them, or repeat another. A sentence of its
--       own because four columns more make inserting a sixth dearer, and most reservations have none of them.
INSERT INTO reservations
  (partition_id, id, show_id, customer_id, status, reason, pool_id, line_list, reference, requested_ms,
   requested_seq, decided_at_ms, expires_at_ms, extended, changed_at_ms, first_id)
SELECT d.partition_id, UNHEX(d.id), UNHEX(d.show_id), d.customer_id, d.status, d.reason, d.pool_id, d.line_list, d.reference,
  d.requested_ms, d.requested_seq, d.decided_at_ms, d.expires_at_ms, d.extended, d.changed_at_ms,
  UNHEX(d.first_id)
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
  expires_at_ms BIGINT UNSIGNED PATH '$[11]',
  extended INT PATH '$[12]',
  changed_at_ms BIGINT UNSIGNED PATH '$[13]',
  first_id VARCHAR(64) PATH '$[14]',
  partition_id INT PATH '$[15]'
)) AS d
