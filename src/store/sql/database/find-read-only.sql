-- Rows: one. What a server that is demoted is set to, by whatever demotes it; MariaDB 12 has words beside 0 and 1.
SELECT CAST(@@GLOBAL.read_only AS CHAR) AS read_only
