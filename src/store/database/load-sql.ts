import { readFileSync } from 'node:fs';

/** The SQL of src/store/sql/<name>.sql without its header, read once at start. */
export const loadSql = (name: string): string =>
  readFileSync(new URL(`../sql/${name}.sql`, import.meta.url), 'utf8')
    .replaceAll(/^--.*\n/gm, '')
    .trim();
