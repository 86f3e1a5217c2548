-- In:   name.
-- Rows: the setting's value, locked until the transaction ends, so that two roles which start at the same
--       time agree on it one after the other.
SELECT value FROM settings WHERE name = ? FOR UPDATE
