import type { JournalEntry, ShowOpened } from '../domain/decisions.ts';
import { deltasOf, type PoolDelta } from '../domain/ledger.ts';
import { reservationAfter } from '../domain/reservation.ts';
import type { Batch, ParkedEntry } from './contract.ts';
import { asError, brokenKeyOf, DataRefused, failureOf } from './database-error.ts';
import { journalElement } from './journal-row.ts';
import { halvesOf, hexOf } from './parameter.ts';
import { parkedElement } from './parked-row.ts';
import { reservationElement } from './reservation-row.ts';
import { sentence } from './sentence.ts';
import type { Session } from './session.ts';
import type { Ending } from './transaction.ts';

const advancePartition = sentence('advance-partition');
const insertJournal = sentence('insert-journal');
const insertReservations = sentence('insert-reservations');
const insertShows = sentence('insert-shows');
const insertPools = sentence('insert-pools');
const movePools = sentence('move-pools');
const insertParked = sentence('insert-parked');

/** The least max_allowed_packet in use is 16 MiB (MariaDB's default); escapes may double what is sent. */
const STATEMENT_CHARACTERS_MAX = 4 * 1024 * 1024;

export type Applied =
  | { readonly type: 'applied' }
  | { readonly type: 'fenced' }
  | { readonly type: 'duplicate' }
  | { readonly type: 'refused'; readonly error: Error };

/** Everything a batch changes, in its transaction; the caller commits. Throws what only another try can answer. */
export const applyBatch = async (session: Session, batch: Batch): Promise<Ending<Applied>> => {
  try {
    if (!(await advance(session, batch))) return { end: 'rollback', value: { type: 'fenced' } };
    await apply(session, batch);
    return { end: 'commit', value: { type: 'applied' } };
  } catch (error) {
    const failure = failureOf(error);
    if (failure === 'duplicate') return { end: 'rollback', value: { type: 'duplicate' } };
    if (failure === 'refused') return { end: 'rollback', value: { type: 'refused', error: asError(error) } };
    throw error;
  }
};

const advance = async (session: Session, { claim, before, after }: Batch): Promise<boolean> => {
  const matched = await session.change(advancePartition, [
    String(after.position),
    ...halvesOf(after.watermark),
    String(after.clockMs),
    String(claim.partition),
    String(claim.epoch),
    Buffer.from(claim.token, 'hex'),
    String(before.position),
  ]);
  return matched === 1;
};

const apply = async (session: Session, { claim, entries, parked }: Batch): Promise<void> => {
  const insert = insertInto(session, claim.partition);
  await insert(insertJournal, entries.map(journalElement));
  await insert(insertReservations, [
    ...entries.flatMap(decidedReservation),
    ...parked.flatMap(pendingReservation),
  ]);
  const opened = entries.flatMap(openedShow);
  await insert(insertShows, opened.map(showElement));
  await insert(insertPools, opened.flatMap(poolElements));
  await insert(insertParked, parked.map(parkedElement));
  await move(session, claim.partition, sumsOf(entries));
};

type Element = readonly unknown[];

/** One statement for any number of rows, unless they are too long for a packet: then a half each. */
const insertInto = (session: Session, partition: number) => {
  const insert = async (sql: string, elements: readonly Element[]): Promise<void> => {
    if (elements.length === 0) return;
    const json = JSON.stringify(elements);
    if (json.length > STATEMENT_CHARACTERS_MAX && elements.length > 1) {
      const middle = elements.length >> 1;
      await insert(sql, elements.slice(0, middle));
      await insert(sql, elements.slice(middle));
      return;
    }
    try {
      await session.change(sql, [String(partition), json]);
    } catch (error) {
      throw requestKeys.get(sql) === brokenKeyOf(error) ? error : asRefusedKey(error);
    }
  };
  return insert;
};

/** Only these keys say that a request is known already. Looking requests up answers no other broken key. */
const requestKeys: ReadonlyMap<string, string> = new Map([
  [insertJournal, 'journal_request'],
  [insertReservations, 'PRIMARY'],
  [insertShows, 'PRIMARY'],
]);

const asRefusedKey = (error: unknown): unknown =>
  failureOf(error) === 'duplicate' ? new DataRefused(asError(error).message, { cause: error }) : error;

const decidedReservation = (entry: JournalEntry): readonly Element[] => {
  const reservation = reservationAfter(entry);
  return reservation ? [reservationElement(reservation, entry.streamId)] : [];
};

const pendingReservation = ({ reservation, streamId }: ParkedEntry): readonly Element[] =>
  reservation ? [reservationElement(reservation, streamId)] : [];

interface OpenedShow {
  readonly show: ShowOpened;
  readonly atMs: number;
}

const openedShow = ({ decision, decidedAtMs }: JournalEntry): readonly OpenedShow[] =>
  decision.type === 'ShowOpened' ? [{ show: decision, atMs: decidedAtMs }] : [];

const showElement = ({ show, atMs }: OpenedShow): Element => [
  hexOf(show.showId),
  show.name,
  atMs,
  JSON.stringify(show.rules),
];

const poolElements = ({ show, atMs }: OpenedShow): readonly Element[] =>
  show.pools.map(({ id, name, capacity }, ordinal) => [
    hexOf(show.showId),
    id,
    ordinal,
    name,
    capacity,
    atMs,
  ]);

interface PoolSum extends PoolDelta {
  readonly asOfMs: number;
}

const sumsOf = (entries: readonly JournalEntry[]): readonly PoolSum[] => {
  const sums = new Map<string, PoolSum>();
  for (const { decision, decidedAtMs } of entries) {
    for (const delta of deltasOf(decision)) {
      const key = `${delta.showId} ${delta.poolId}`;
      const sum = sums.get(key);
      const held = (sum?.held ?? 0) + delta.held;
      const confirmed = (sum?.confirmed ?? 0) + delta.confirmed;
      sums.set(key, { ...delta, held, confirmed, asOfMs: decidedAtMs });
    }
  }
  return [...sums.values()];
};

const move = async (session: Session, partition: number, sums: readonly PoolSum[]): Promise<void> => {
  if (sums.length === 0) return;
  const elements = sums.map(({ showId, poolId, held, confirmed, asOfMs }) => [
    hexOf(showId),
    poolId,
    held,
    confirmed,
    asOfMs,
  ]);
  const matched = await session.change(movePools, [JSON.stringify(elements), String(partition)]);
  if (matched !== sums.length)
    throw new DataRefused(
      `${sums.length} pools are to move, but partition ${partition} has ${matched} of them`,
    );
};
