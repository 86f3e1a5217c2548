import { isNull, numberIn } from '../database/columns.ts';
import { loadSql } from '../database/load-sql.ts';
import type { Session } from '../database/session.ts';

const findLatestClock = loadSql('rows/find-latest-clock');

const KEY_LIFE_MS = 24 * 60 * 60_000;

/** Resolves to a time (ms): a key made then or before counts as free, whether or not it was purged. */
export const keysFreeUntilMs = async (session: Session): Promise<number> => {
  const [row] = await session.rows(findLatestClock);
  return row && !isNull(row, 'clock_ms') ? Math.max(0, numberIn(row, 'clock_ms') - KEY_LIFE_MS) : 0;
};
