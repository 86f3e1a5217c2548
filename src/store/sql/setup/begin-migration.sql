-- In:   file; statement number; checksum of the file (32 bytes).
-- Rows: not used. A statement that was begun before keeps its row.
INSERT INTO migrations (file, statement, checksum, done) VALUES (?, ?, ?, FALSE)
ON DUPLICATE KEY UPDATE migrations.done = migrations.done
