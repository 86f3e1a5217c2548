-- Why:  inside a transaction it keeps the table from being renamed until the transaction ends. `shows` is the last by
--       name of all that are renamed, and servers ask for them in that order: whoever waits for this one has the others.
SELECT id FROM shows LIMIT 1
