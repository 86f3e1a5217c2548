-- Rows: one: the id that the server gave this connection.
SELECT CONNECTION_ID() AS id
