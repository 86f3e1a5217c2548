-- Rows: one; an error where the user may not read one of the tables that a replica is read for. Looks at a row of each at most.
SELECT EXISTS (SELECT 1 FROM shows) AS shows, EXISTS (SELECT 1 FROM pools) AS pools,
  EXISTS (SELECT 1 FROM reservations) AS reservations
