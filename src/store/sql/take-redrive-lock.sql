-- In:   nothing.
-- Rows: taken = 1, or 0 when another session has it.
-- Why:  two redrives at once would send everything twice. It would be decided once all the same; the lock spares people
--       the puzzle. Ends with the session. The name is the whole server's, so the database is in it.
SELECT GET_LOCK(CONCAT('onsale-redrive-', SHA1(DATABASE())), 0) AS taken
