-- Rows: one: the server that this very statement has come to, in the words of database-server.ts. A plain SELECT, because it is
--       what a proxy sends to a replica.
SELECT CONCAT(@@GLOBAL.hostname, ':', @@GLOBAL.port, ' (server_id ', @@GLOBAL.server_id, ')') AS name
