-- A pattern: {table}, its {key}, the {sum} of a row and which rows are {counted} are filled in.
-- In:   the key after which to begin, and the last key that counts.
-- Rows: one: the number of rows and their checksum, which does not depend on the order of the rows.
SELECT COUNT(*) AS row_count, COALESCE(BIT_XOR({sum}), 0) AS checksum
FROM {table} AS t WHERE t.{key} > ? AND t.{key} <= ? AND {counted}
