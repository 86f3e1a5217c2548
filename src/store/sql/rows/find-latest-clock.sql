-- Rows: one: the latest decision time (ms) of all partitions; null before the first partition.
-- Why:  the age of a key is measured by decision time, not by the clock of the process that reads. Only then
--       do the lookup and the commit agree on which keys are free.
SELECT MAX(clock_ms) AS clock_ms FROM partitions
