-- Rows: one a variable that this server has, of those that say which server it is and whether it takes writes. SHOW, because a
--       SELECT that names one which MariaDB or MySQL does not have is an error.
SHOW GLOBAL VARIABLES WHERE Variable_name IN
  ('hostname', 'port', 'server_id', 'server_uuid', 'server_uid', 'read_only', 'innodb_read_only', 'tx_read_only', 'transaction_read_only')
