-- In:   partition.
-- Rows: one when a request of this partition is parked and was not sent again.
SELECT 1 AS found FROM parked
WHERE partition_id = ? AND redriven_as IS NULL AND request_id IS NOT NULL LIMIT 1
