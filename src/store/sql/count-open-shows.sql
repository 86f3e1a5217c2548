-- In:   now (ms).
-- Rows: one a partition, with its number of shows whose sale has not ended and was not closed by hand.
-- Why:  JSON_VALUE gives a true as 1 (MariaDB) or as true (MySQL).
SELECT w.id, COUNT(s.id) AS open_shows
FROM partitions AS w
LEFT JOIN shows AS s ON s.partition_id = w.id
  AND COALESCE(CAST(JSON_VALUE(s.rules, '$.closesAtMs') AS UNSIGNED) > CAST(? AS UNSIGNED), TRUE)
  AND NOT COALESCE(JSON_VALUE(s.rules, '$.closed') IN ('1', 'true'), FALSE)
GROUP BY w.id ORDER BY w.id
