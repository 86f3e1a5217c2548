-- Rows: one. The variable that is set on a server when it is demoted, whichever tool demotes it. A text,
--       because MariaDB 12 has words for it beside 0 and 1.
SELECT CAST(@@GLOBAL.read_only AS CHAR) AS read_only
