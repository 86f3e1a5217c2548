-- A pattern: {table} and its {key} are filled in.
-- In:   the key after which to begin; the number of rows in a chunk, less one.
-- Rows: the key of the chunk's last row; none when fewer rows are left.
SELECT t.{key} AS bound FROM {table} AS t WHERE t.{key} > ? ORDER BY t.{key} LIMIT 1 OFFSET ?
