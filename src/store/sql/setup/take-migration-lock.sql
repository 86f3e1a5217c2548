-- In:   seconds to wait.
-- Rows: taken = 1, or 0 when time was up.
-- Why:  a lock name is the whole server's and at most 64 characters: the database is in it, hashed.
SELECT GET_LOCK(CONCAT('onsale-', SHA1(DATABASE())), ?) AS taken
