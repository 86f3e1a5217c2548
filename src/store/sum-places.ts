import type { Buffer } from 'node:buffer';
import type { ShowId } from '../domain/ids.ts';
import type { Clock } from '../domain/ports.ts';
import { bytesOf } from './parameter.ts';
import { afterAllIds, beforeAllIds, ledgersIn } from './read-ledgers.ts';
import { bytesIn, numberIn, textIn } from './row.ts';
import { sentence } from './sentence.ts';
import type { Session } from './session.ts';
import type { Sessions } from './sessions.ts';
import { inSnapshot } from './transaction.ts';

/** One pool: its own counters, and the sums of the reservations that stand. */
export interface PlaceSums {
  readonly capacity: number;
  readonly held: number;
  readonly confirmed: number;
  readonly heldSum: number;
  readonly confirmedSum: number;
}

const findPageEnd = sentence('find-page-end');
const sumSentence = sentence('sum-places');

/** Two milliseconds' work for a database that has nothing else to do. */
const pageSize = 1_000;
/** Between pages, so many times as long as the last one took: decisions need the cores that a sum would fill. */
const restFactor = 4;
/** The server ends a session that is silent for longer than a lease lasts. */
const restMsMax = 250;
/** Older versions of all that changes meanwhile are kept, and read through, for as long as the snapshot is open. */
const snapshotMsMax = 60_000;

export interface Summing {
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * All of one moment, so that what is committed meanwhile makes no difference of its own. A page at a time, with rests: the
 * sum of a million reservations in one go would fill a core for two seconds, and everybody's decisions wait. Gives up on
 * a show that takes a minute, and when it is told to stop.
 */
export const sumPlaces = (
  sessions: Sessions,
  showId: ShowId,
  { clock, signal }: Summing,
): Promise<readonly PlaceSums[] | 'given-up'> =>
  inSnapshot(sessions, async (session) => {
    const beganMs = clock.monotonicMs();
    const [ledger] = await ledgersIn(session, [showId]);
    const sums = newSums();
    for (let after: Buffer | undefined = beforeAllIds; after; ) {
      const pageBeganMs = clock.monotonicMs();
      if (signal.aborted || pageBeganMs - beganMs >= snapshotMsMax) return 'given-up';
      after = await sumPage(session, sums, showId, after);
      const tookMs = clock.monotonicMs() - pageBeganMs;
      if (after) await clock.sleep(Math.min(restMsMax, restFactor * tookMs), signal);
    }
    return (ledger?.pools ?? []).map(({ id, capacity, held, confirmed }) => {
      const sum = sums.of(id);
      return { capacity, held, confirmed, heldSum: sum.held, confirmedSum: sum.confirmed };
    });
  });

/** Where the next page begins, if there is one. */
const sumPage = async (
  session: Session,
  sums: Sums,
  showId: ShowId,
  after: Buffer,
): Promise<Buffer | undefined> => {
  const show = bytesOf(showId);
  const [last] = await session.rows(findPageEnd, [show, after, String(pageSize - 1)]);
  const end = last && bytesIn(last, 'id');
  for (const row of await session.rows(sumSentence, [show, after, end ?? afterAllIds])) {
    const sum = sums.of(textIn(row, 'pool_id'));
    sum.held += numberIn(row, 'held');
    sum.confirmed += numberIn(row, 'confirmed');
  }
  return end;
};

interface Sums {
  readonly of: (pool: string) => { held: number; confirmed: number };
}

const newSums = (): Sums => {
  const byPool = new Map<string, ReturnType<Sums['of']>>();
  return {
    of: (pool) => {
      const sum = byPool.get(pool) ?? { held: 0, confirmed: 0 };
      byPool.set(pool, sum);
      return sum;
    },
  };
};
