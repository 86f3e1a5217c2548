-- Rows: one per variable that this server has, of those that identify it and show whether it takes writes.
--       SHOW, because a SELECT fails when it names a variable that this kind of server (MariaDB or MySQL)
--       lacks.
SHOW GLOBAL VARIABLES WHERE Variable_name IN
  ('hostname', 'port', 'server_id', 'server_uuid', 'server_uid', 'read_only', 'innodb_read_only', 'tx_read_only', 'transaction_read_only')
