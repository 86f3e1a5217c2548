-- A pattern: {table}, its {shadow}, their {key} and which rows are {counted} are filled in.
-- In:   the key after which to begin, and the last key that counts; both again; keys per page.
-- Rows: the keys that exist in at least one of the two tables, in order.
SELECT t.{key} AS found FROM {table} AS t WHERE t.{key} > ? AND t.{key} <= ? AND {counted}
UNION
SELECT t.{key} FROM {shadow} AS t WHERE t.{key} > ? AND t.{key} <= ? AND {counted}
ORDER BY found LIMIT ?
