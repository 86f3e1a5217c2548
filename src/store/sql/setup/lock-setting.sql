-- In:   name.
-- Rows: its value, locked until the transaction ends, so that two roles starting together agree one after the other.
SELECT value FROM settings WHERE name = ? FOR UPDATE
