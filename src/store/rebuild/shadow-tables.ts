import type { Session } from '../database/session.ts';
import { readTables, shadowName } from './table-names.ts';

const named = new RegExp(`\\b(?:${readTables.map(({ name }) => name).join('|')})\\b`, 'g');

/**
 * A session for which every read table is its shadow, so that the very statements that write the live tables fill the
 * new ones. Replaced is every whole word that is such a name, wherever it stands: a statement that slipped through would
 * write the live tables.
 */
export const shadowOf = (session: Session): Session => {
  const inShadow = (sql: string): string => sql.replaceAll(named, shadowName);
  return {
    ...session,
    rows: (sql, values) => session.rows(inShadow(sql), values),
    change: (sql, values) => session.change(inShadow(sql), values),
    insert: (sql, rows) => session.insert(inShadow(sql), rows),
    run: (sql) => session.run(inShadow(sql)),
  };
};
