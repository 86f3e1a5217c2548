-- A pattern: {table} and its {key} are filled in.
-- In:   the key behind which to begin; rows to go on, less one.
-- Rows: the key that many rows on; none when fewer are left.
SELECT t.{key} AS bound FROM {table} AS t WHERE t.{key} > ? ORDER BY t.{key} LIMIT 1 OFFSET ?
