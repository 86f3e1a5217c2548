-- In:   a JSON array of partition numbers.
-- Why:  existing rows stay as they are, so that every role may run this at every start.
INSERT INTO partitions (id, epoch, position, watermark_ms, watermark_seq, clock_ms)
SELECT d.id, 0, 0, 0, 0, 0 FROM JSON_TABLE(?, '$[*]' COLUMNS (id BIGINT UNSIGNED PATH '$')) AS d
ON DUPLICATE KEY UPDATE partitions.id = partitions.id
