-- Rows: one, with the latest time (ms) that decisions of any partition were made at; null before the first partition.
-- Why:  keys age by the time that decisions are made at, not by the clock of whichever process looks: only so do the
--       look-up and the commit agree on which keys are free.
SELECT MAX(clock_ms) AS clock_ms FROM partitions
