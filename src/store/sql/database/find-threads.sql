-- In:   the ids that the server gave two connections of this user.
-- Rows: one for each connection that exists, with its current command; 'Sleep' means idle. Seeing the
--       connections of other users would take a privilege that no role of ours has.
SELECT CAST(id AS CHAR) AS id, command FROM information_schema.processlist WHERE id IN (?, ?)
