-- In:   nothing.
-- Rows: taken = 1, or 0 when another session has it.
-- Why:  two redrives at once would send everything twice. It would be decided once all the same; the lock spares people
--       the puzzle. Ends with the session: the server notices that a moment after the client went, which is what the two
--       seconds are for. The name is the whole server's, so the database is in it.
SELECT GET_LOCK(CONCAT('onsale-redrive-', SHA1(DATABASE())), 2) AS taken
