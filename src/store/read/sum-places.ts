import type { Buffer } from 'node:buffer';
import { and, eq, gt } from 'drizzle-orm';
import type { ShowId } from '../../domain/ids.ts';
import type { ShowLedger } from '../../domain/ledger.ts';
import type { Clock } from '../../domain/ports.ts';
import { readableValue } from '../database/column-types.ts';
import { numberIn, textIn } from '../database/columns.ts';
import { loadSql } from '../database/load-sql.ts';
import { afterAllIds, beforeAllIds, bytesOf } from '../database/parameters.ts';
import { newQuery, plainBytes, plainNumber } from '../database/queries.ts';
import type { Session } from '../database/session.ts';
import type { Sessions } from '../database/session-pool.ts';
import { inSnapshot } from '../database/transaction.ts';
import { reservations } from '../schema.ts';
import { ledgersIn } from './read-ledgers.ts';

/** The counters of one pool, and the sums of its live reservations. */
export interface PlaceSums {
  readonly capacity: number;
  readonly held: number;
  readonly confirmed: number;
  readonly heldSum: number;
  readonly confirmedSum: number;
}

/** The last id of a page; no row if fewer than a page are left. The statement reads the index only. */
export const findPageEnd = newQuery(
  { show: reservations.showId, after: plainBytes, rows: plainNumber },
  (db, { show, after, rows }) =>
    db
      .select({ id: reservations.id })
      .from(reservations, { forceIndex: 'reservations_show' })
      .where(and(eq(reservations.showId, show), gt(reservations.id, after)))
      .orderBy(reservations.id)
      .limit(1)
      .offset(rows),
);
const sumSql = loadSql('read/sum-places');

/** On an idle database a page of this size takes two milliseconds. */
const pageSize = 1_000;
/**
 * The pause after a page is this many times as long as the page took, because decisions need the CPU that a
 * sum would use.
 */
const restFactor = 4;
/** The longest pause. The server ends a session that is silent for longer than a lease lasts. */
const restMsMax = 250;
/** While the snapshot is open, the server keeps older versions of all rows that change, and has to read through them. */
const snapshotMsMax = 60_000;

export interface SumDeps {
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * Reads counters and sums in one snapshot, so that commits in between cause no differences. It reads page by
 * page, with pauses: summing a million reservations at once would occupy a CPU core for two seconds, and all
 * decisions would wait. Stops when a show takes longer than a minute, and when the signal is aborted.
 */
export const sumPlaces = (
  sessions: Sessions,
  showId: ShowId,
  { clock, signal }: SumDeps,
): Promise<readonly PlaceSums[] | 'given-up'> =>
  inSnapshot(sessions, async (session) => {
    const beganMs = clock.monotonicMs();
    const sums = emptySums((await ledgersIn(session, [showId])).get(showId));
    for (let after: Buffer | undefined = beforeAllIds; after; ) {
      const pageBeganMs = clock.monotonicMs();
      if (signal.aborted || pageBeganMs - beganMs >= snapshotMsMax) return 'given-up';
      after = await addPage(session, sums, { show: showId, after });
      const tookMs = clock.monotonicMs() - pageBeganMs;
      if (after) await clock.sleep(Math.min(restMsMax, restFactor * tookMs), signal);
    }
    return [...sums.values()];
  });

/** The counters by pool, with sums that begin at zero. */
type Sums = ReadonlyMap<string, PlaceSums & { heldSum: number; confirmedSum: number }>;

const emptySums = (ledger: ShowLedger | undefined): Sums =>
  new Map(
    ledger?.pools.map(({ id, capacity, held, confirmed }) => [
      id,
      { capacity, held, confirmed, heldSum: 0, confirmedSum: 0 },
    ]),
  );

/**
 * Resolves to the id after which the next page begins, or undefined. Rows of a pool that the show does not
 * have are not counted.
 */
const addPage = async (
  session: Session,
  sums: Sums,
  { show, after }: { readonly show: ShowId; readonly after: Buffer },
): Promise<Buffer | undefined> => {
  const [last] = await findPageEnd.rows(session, { show, after, rows: pageSize - 1 });
  const end = last && bytesOf(readableValue(last.id));
  for (const row of await session.rows(sumSql, [bytesOf(show), after, end ?? afterAllIds])) {
    const sum = sums.get(textIn(row, 'pool_id'));
    if (!sum) continue;
    sum.heldSum += numberIn(row, 'held');
    sum.confirmedSum += numberIn(row, 'confirmed');
  }
  return end;
};
