-- In:   nothing.
-- Rows: taken = 1, or 0 when another session holds the lock.
-- Why:  two redrives at the same time would send every request twice. Each would still be decided once, but
--       the result would puzzle the operators. The lock ends with its session. The server notices a closed
--       connection a moment later, hence the wait of two seconds. Lock names are shared by all databases of a
--       server, so the name contains the database.
SELECT GET_LOCK(CONCAT('onsale-redrive-', SHA1(DATABASE())), 2) AS taken
