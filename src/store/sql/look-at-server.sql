-- Rows: one, with the server's own account of what a commit rests on. Everybody may ask; nothing is changed. sync_binlog
--       counts only with the binlog on. Of the limits on connections 0 is none.
SELECT VERSION() AS version,
       @@GLOBAL.innodb_flush_log_at_trx_commit AS flush_at_commit,
       @@GLOBAL.log_bin AS log_bin,
       @@GLOBAL.sync_binlog AS sync_binlog,
       @@GLOBAL.sql_mode AS server_sql_mode,
       @@SESSION.sql_mode AS session_sql_mode,
       @@SESSION.character_set_database AS database_charset,
       @@GLOBAL.max_connections AS max_connections,
       @@SESSION.max_user_connections AS max_user_connections,
       CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS UNSIGNED) AS now_ms
