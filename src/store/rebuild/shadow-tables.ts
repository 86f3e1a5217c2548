import type { Session } from '../database/session.ts';
import { readTables, shadowName } from './table-names.ts';

const named = new RegExp(`\\b(?:${readTables.map(({ name }) => name).join('|')})\\b`, 'g');

/**
 * A session that uses the new tables instead of the live ones, so that the statements that write the live
 * tables also fill the new ones. It replaces the names of the read tables wherever they occur as whole words,
 * because a name that was left in a statement would write a live table.
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
