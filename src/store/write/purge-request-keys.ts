import { loadSql } from '../database/load-sql.ts';
import type { Sessions } from '../database/session-pool.ts';
import { withSession } from '../database/transaction.ts';
import { keysFreeUntilMs } from '../rows/request-key-age.ts';

const purgeSql = loadSql('write/purge-request-keys');

/** Deletes keys that are too old to count, the oldest first. Resolves to the number of keys deleted. */
export const purgeRequestKeys = (sessions: Sessions, limit: number): Promise<number> =>
  withSession(sessions, async (session) => {
    const freeUntil = String(await keysFreeUntilMs(session));
    return session.change(purgeSql, [freeUntil, String(limit)]);
  });
