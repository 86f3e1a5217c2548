-- In:   now (ms).
-- Rows: one a partition, with its number of shows whose sale has not ended.
SELECT w.id, COUNT(s.id) AS open_shows
FROM partitions AS w
LEFT JOIN shows AS s ON s.partition_id = w.id
  AND COALESCE(CAST(JSON_VALUE(s.rules, '$.closesAtMs') AS UNSIGNED) > CAST(? AS UNSIGNED), TRUE)
GROUP BY w.id ORDER BY w.id
