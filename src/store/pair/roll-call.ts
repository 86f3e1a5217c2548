import { loadSql } from '../database/load-sql.ts';
import { readWithRetry } from '../database/read-with-retry.ts';
import type { Sessions } from '../database/session-pool.ts';
import { withSession } from '../database/transaction.ts';
import { readSetting } from '../rows/settings.ts';

const callRoll = loadSql('pair/call-roll');

/** A process that has not joined yet writes a word. Owners at work read it with their claims, if they use the same database. */
export interface RollCall {
  callRoll(word: string): Promise<void>;
  /** The last word that any process wrote. */
  roll(): Promise<string | undefined>;
}

export const rollCallOver = (sessions: Sessions): RollCall => ({
  callRoll: async (word) => {
    await withSession(sessions, (session) => session.change(callRoll, [word, word]));
  },
  roll: () => readWithRetry(sessions, (session) => readSetting(session, 'roll')),
});
