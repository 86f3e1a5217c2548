-- Rows: how many rows each partition has of what.
-- Why:  counted for all partitions at once, because two of these tables have no index by partition.
SELECT 'reservations' AS what, partition_id, COUNT(*) AS row_count FROM reservations GROUP BY partition_id
UNION ALL
SELECT 'holds', partition_id, COUNT(*) FROM holds GROUP BY partition_id
UNION ALL
SELECT 'laterDecisions', partition_id, COUNT(*) FROM reservation_decisions GROUP BY partition_id
