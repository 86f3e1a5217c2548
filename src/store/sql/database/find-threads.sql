-- In:   what the server calls two connections of this user.
-- Rows: one for each that is there, with what it does; 'Sleep' is nothing. Other users' connections take a right that no role
--       has.
SELECT CAST(id AS CHAR) AS id, command FROM information_schema.processlist WHERE id IN (?, ?)
