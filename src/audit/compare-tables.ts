import { isDeepStrictEqual } from 'node:util';
import type { ReservationId } from '../domain/ids.ts';
import { available, type PoolLedger, type ShowLedger } from '../domain/ledger.ts';
import type { AuditRun } from './state/audit-run.ts';
import type { Places } from './state/places-taken.ts';
import type { Replay } from './state/replay.ts';

interface ReplayedPartition {
  readonly partition: number;
  readonly replay: Replay;
  /** The reservations of parked entries, where the entry has a readable id. */
  readonly parkedIds: readonly ReservationId[];
}

/** Compares the tables of a partition with the state at the end of its journal. */
export const compareTables = async (auditing: AuditRun, ended: ReplayedPartition): Promise<void> => {
  await noteDisagreeingRows(auditing, ended.replay);
  await compareShows(auditing, ended);
  await compareCounts(auditing, ended);
};

/** The journal is at its end, so a reservation whose row has not agreed yet disagrees. */
const noteDisagreeingRows = async (
  { source, notes, pageEntries }: AuditRun,
  { open }: Replay,
): Promise<void> => {
  const left = [...open.values()];
  for (let from = 0; from < left.length; from += pageEntries) {
    const page = left.slice(from, from + pageEntries);
    const rows = await source.reservations(page.map(({ id }) => id));
    for (const reservation of page)
      notes.note('disagreeing', reservation.id, sideBySide(rows.get(reservation.id), reservation));
  }
};

const compareShows = async (
  { source, notes }: AuditRun,
  { partition, replay }: ReplayedPartition,
): Promise<void> => {
  const tables = new Map((await source.ledgers(partition)).map((ledger) => [ledger.showId, ledger]));
  for (const [id, ledger] of replay.ledgers) {
    const there = tables.get(id);
    if (!isDeepStrictEqual(there, ledger)) notes.note('disagreeing', id, difference(there, ledger));
    if (there && isOversold(there) && !isOversold(ledger))
      notes.note('oversold', id, `by its table alone: ${JSON.stringify(there.pools.filter(isShort))}`);
    noteUncounted(notes, ledger, replay);
  }
  for (const id of tables.keys())
    if (!replay.ledgers.has(id)) notes.note('disagreeing', id, 'a show that the journal never opened');
};

const isShort = (pool: PoolLedger): boolean => available(pool) < 0;
const isOversold = ({ pools }: ShowLedger): boolean => pools.some(isShort);

/** Names only what differs, because a show may have up to a hundred pools. */
const difference = (there: ShowLedger | undefined, ledger: ShowLedger): string => {
  if (!there) return 'the show has no row';
  const { pools: poolsThere, ...restThere } = there;
  const { pools, ...rest } = ledger;
  if (!isDeepStrictEqual(restThere, rest)) return sideBySide(restThere, rest);
  const index = pools.findIndex((pool, n) => !isDeepStrictEqual(poolsThere[n], pool));
  return index < 0
    ? `${poolsThere.length} pools, ${pools.length} by the journal`
    : sideBySide(poolsThere[index], pools[index]);
};

const noPlaces: Places = { held: 0, confirmed: 0 };

/** Compares the sums in the ledger with the sums of its reservations. */
const noteUncounted = (notes: AuditRun['notes'], { showId, pools }: ShowLedger, { taken }: Replay): void => {
  for (const { id, held, confirmed } of pools) {
    const places = taken.get(showId)?.get(id) ?? noPlaces;
    if (places.held !== held || places.confirmed !== confirmed)
      notes.note(
        'disagreeing',
        showId,
        `pool ${id}: ${held} held and ${confirmed} confirmed by its decisions, ` +
          `${places.held} and ${places.confirmed} by its reservations`,
      );
  }
};

/**
 * Finds rows that are unknown to the journal by counting: every row that the journal knows was already
 * compared by its id.
 */
const compareCounts = async ({ source, notes }: AuditRun, ended: ReplayedPartition): Promise<void> => {
  const { partition, replay } = ended;
  const counts = await source.counts(partition);
  const compare = (what: string, there: number, expected: number): void => {
    if (there === expected) return;
    notes.note('disagreeing', `partition ${partition}`, `${there} ${what}, ${expected} by the journal`);
  };
  const pending = await pendingRows(ended, source);
  compare('reservations', counts.reservations, replay.made + pending);
  compare('live holds', counts.holds, replay.holds.held.size);
  compare('later decisions', counts.laterDecisions, replay.laterDecisions);
};

/** The row of a parked reservation request stays pending, and the journal does not contain it. */
const pendingRows = async ({ parkedIds }: ReplayedPartition, source: AuditRun['source']): Promise<number> => {
  if (parkedIds.length === 0) return 0;
  const rows = await source.reservations(parkedIds);
  return [...rows.values()].filter(({ status }) => status === 'pending').length;
};

const sideBySide = (there: unknown, expected: unknown): string =>
  `the table has ${there === undefined ? 'nothing' : JSON.stringify(there)}, the journal gives ${JSON.stringify(expected)}`;
