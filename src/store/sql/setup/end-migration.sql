-- In:   file; statement number.
-- Rows: 1.
UPDATE migrations SET done = TRUE WHERE file = ? AND statement = ?
