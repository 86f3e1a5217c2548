-- Rows: one: the server's variables that the durability of a commit depends on. No privilege is needed;
--       nothing is changed. sync_binlog and binlog_format matter only while the binlog is on. A limit on
--       connections of 0 means no limit. @@SESSION values are those of our sessions: a proxy may drop what
--       they set.
-- Why:  MariaDB and MySQL have different names for the isolation level and for the limit of a statement; each
--       treats the other's name as a comment. Engines are read for our tables only, because the database may
--       contain other tables too.
SELECT VERSION() AS version,
       @@GLOBAL.innodb_flush_log_at_trx_commit AS flush_at_commit,
       @@GLOBAL.log_bin AS log_bin,
       @@GLOBAL.sync_binlog AS sync_binlog,
       @@GLOBAL.binlog_format AS binlog_format,
       @@GLOBAL.sql_mode AS server_sql_mode,
       @@SESSION.sql_mode AS session_sql_mode,
       @@SESSION.character_set_database AS database_charset,
       @@GLOBAL.max_connections AS max_connections,
       @@SESSION.max_user_connections AS max_user_connections,
       @@SESSION.max_allowed_packet AS max_allowed_packet,
       @@GLOBAL.max_prepared_stmt_count AS max_prepared_statements,
       @@SESSION.time_zone AS time_zone,
       @@SESSION.wait_timeout AS wait_timeout,
       @@SESSION.innodb_lock_wait_timeout AS lock_wait_timeout,
       COALESCE(NULL /*M!100101 , @@SESSION.tx_isolation */ /*!80000 , @@SESSION.transaction_isolation */) AS isolation,
       COALESCE(NULL /*M!100101 , @@SESSION.max_statement_time * 1000 */ /*!80000 , @@SESSION.max_execution_time */)
         AS statement_ms,
       CAST(@@GLOBAL.innodb_doublewrite AS CHAR) AS doublewrite,
       @@GLOBAL.innodb_buffer_pool_size AS buffer_pool_bytes,
       COALESCE((
         SELECT GROUP_CONCAT(DISTINCT t.engine ORDER BY t.engine) FROM information_schema.tables AS t
         WHERE t.table_schema = DATABASE() AND t.table_name IN ('migrations', 'settings', 'partitions', 'journal', 'shows',
           'pools', 'reservations', 'reservation_decisions', 'holds', 'request_keys', 'parked')
       ), @@SESSION.default_storage_engine) AS engines,
       COALESCE((
         SELECT SUM(t.data_length + t.index_length) FROM information_schema.tables AS t WHERE t.table_schema = DATABASE()
       ), 0) AS table_bytes,
       CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS UNSIGNED) AS now_ms
