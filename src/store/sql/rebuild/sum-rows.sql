-- A pattern: {table}, its {key}, the {sum} of a row and which rows are {counted} are filled in.
-- In:   the keys behind which and up to which to sum.
-- Rows: one: how many rows there are and their sums together, in whatever order they lie.
SELECT COUNT(*) AS row_count, COALESCE(BIT_XOR({sum}), 0) AS checksum
FROM {table} AS t WHERE t.{key} > ? AND t.{key} <= ? AND {counted}
