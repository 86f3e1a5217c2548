-- Rows: one; an error where the user may not read one of the tables that are read on a replica. Reads at most
--       one row of each.
SELECT EXISTS (SELECT 1 FROM shows) AS shows, EXISTS (SELECT 1 FROM pools) AS pools,
  EXISTS (SELECT 1 FROM reservations) AS reservations
