import { keysFreeUntilMs } from './request-key-age.ts';
import { sentence } from './sentence.ts';
import type { Sessions } from './sessions.ts';
import { withSession } from './transaction.ts';

const purgeSentence = sentence('purge-request-keys');

/** Forgets keys that are too old to count, the oldest first; resolves to how many. */
export const purgeRequestKeys = (sessions: Sessions, limit: number): Promise<number> =>
  withSession(sessions, async (session) => {
    const freeUntil = String(await keysFreeUntilMs(session));
    return session.change(purgeSentence, [freeUntil, String(limit)]);
  });
