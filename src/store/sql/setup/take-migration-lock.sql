-- In:   seconds to wait.
-- Rows: taken = 1, or 0 when the time was up.
-- Why:  lock names are shared by all databases of a server and have at most 64 characters, so the name
--       contains a hash of the database's name.
SELECT GET_LOCK(CONCAT('onsale-', SHA1(DATABASE())), ?) AS taken
