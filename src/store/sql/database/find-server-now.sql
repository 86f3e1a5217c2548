-- Rows: one: the name of the server that executes this statement, in the format of database-server.ts. It is
--       a plain SELECT, because that is what a proxy sends to a replica.
SELECT CONCAT(@@GLOBAL.hostname, ':', @@GLOBAL.port, ' (server_id ', @@GLOBAL.server_id, ')') AS name
