-- Rows: one per variable that a node of a Galera cluster has; none on any other server. No privilege is
--       needed.
SHOW GLOBAL STATUS WHERE Variable_name IN ('wsrep_cluster_state_uuid', 'wsrep_cluster_status')
