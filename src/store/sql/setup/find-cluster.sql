-- Rows: one a variable that a node of a Galera cluster has; none of another server. Everybody may ask.
SHOW GLOBAL STATUS WHERE Variable_name IN ('wsrep_cluster_state_uuid', 'wsrep_cluster_status')
