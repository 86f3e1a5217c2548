-- Rows: one, with the number the server has given this connection.
SELECT CONNECTION_ID() AS id
