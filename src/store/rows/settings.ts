import { eq, sql } from 'drizzle-orm';
import { readableValue } from '../database/column-types.ts';
import { serverErrorOf } from '../database/database-error.ts';
import { newQuery } from '../database/queries.ts';
import type { Session } from '../database/session.ts';
import { partitions, settings } from '../schema.ts';

const NO_SUCH_TABLE = 1146;

export const findSetting = newQuery({ name: settings.name }, (db, { name }) =>
  db.select({ value: settings.value }).from(settings).where(eq(settings.name, name)),
);

/** Takes no locks. Undefined also before the first migration. */
export const readSetting = async (session: Session, name: string): Promise<string | undefined> => {
  try {
    const [row] = await findSetting.rows(session, { name });
    return row && readableValue(row.value);
  } catch (error) {
    if (serverErrorOf(error)?.errno === NO_SUCH_TABLE) return undefined;
    throw error;
  }
};

/**
 * All settings, and with each the number of partitions that have a row. Takes no locks: most processes that
 * start only compare.
 */
export const listSettings = newQuery({}, (db) => {
  const rows = db.select({ rows: sql`COUNT(*)` }).from(partitions);
  return db
    .select({ name: settings.name, value: settings.value, partitionRows: sql`${rows}`.mapWith(Number) })
    .from(settings);
});
