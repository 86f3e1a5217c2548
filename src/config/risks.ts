/**
 * What `onsale doctor` wants of the servers and a deployment may do without at its own risk, by the servers' own names
 * where they have one. A schema that is behind and servers that do not belong together are nobody's risk to take.
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
  'sql_mode',
  'charset',
  'max_connections',
  'mysql-clock',
] as const;

export type Risk = (typeof risks)[number];
