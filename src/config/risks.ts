/**
 * Requirements on the servers that are checked at the start, and that the owner of a deployment may waive at
 * their own risk. They have the servers' own names, where there is one. An outdated schema, and servers that
 * do not belong together, cannot be waived.
 */
export const risks = [
  'redis-version',
  'appendonly',
  'appendfsync',
  'maxmemory-policy',
  'min-replicas-to-write',
  'redis-clock',
  'mysql-version',
  'innodb_flush_log_at_trx_commit',
  'sync_binlog',
  'binlog_format',
  'transaction_isolation',
  'storage_engine',
  'sql_mode',
  'charset',
  'max_allowed_packet',
  'max_connections',
  'mysql-clock',
] as const;

/**
 * What `onsale doctor` checks in addition. Without it a sale may go badly, but no promise is broken, so the
 * start does not check it.
 */
export const cautions = [
  'aof-load-truncated',
  'auto-aof-rewrite-percentage',
  'client-output-buffer-limit',
  'cluster-require-full-coverage',
  'disable-thp',
  'hz',
  'maxclients',
  'maxmemory',
  'tcp-backlog',
  'tcp-keepalive',
  'timeout',
  'innodb_buffer_pool_size',
  'innodb_doublewrite',
  'innodb_lock_wait_timeout',
  'max_prepared_stmt_count',
  'max_statement_time',
  'time_zone',
  'wait_timeout',
  'read-replica',
  'read-replica-lag',
  'open-files',
  'somaxconn',
] as const;

export type Risk = (typeof risks)[number] | (typeof cautions)[number];

export const isCaution = (name: string): boolean => cautions.some((each) => each === name);
