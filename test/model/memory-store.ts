import { type CustomerTotals, totalsKey } from '../../src/domain/customer.ts';
import type { JournalEntry } from '../../src/domain/decisions.ts';
import type { RequestId, ShowId } from '../../src/domain/ids.ts';
import type { ShowLedger } from '../../src/domain/ledger.ts';
import { totalQuantity } from '../../src/domain/lines.ts';
import type { Reservation } from '../../src/domain/reservation.ts';
import { beforeAll } from '../../src/domain/stream-id.ts';
import type {
  Batch,
  CommitVerdict,
  CustomerOfShow,
  HoldKey,
  KnownKey,
  KnownRequest,
  Lookup,
  PartitionStore,
  Progress,
} from '../../src/store/contract.ts';
import { newReplay, type Replay, replayEntry } from '../support/replay.ts';

export interface MemoryStore {
  readonly store: PartitionStore;
  readonly tables: () => Replay;
  readonly journal: () => readonly JournalEntry[];
  readonly parked: () => ReadonlySet<RequestId>;
}

/** The conflicts that the journal's unique keys would refuse. Parked entries have no such key. */
const repeats = (
  { entries }: Batch,
  decided: ReadonlySet<RequestId>,
  keys: ReadonlyMap<string, KnownKey>,
): boolean =>
  entries.some(({ requestId, key }) => (requestId && decided.has(requestId)) || (key && keys.has(key.hash)));

const oversold = (ledgers: ReadonlyMap<ShowId, ShowLedger>): Error | undefined => {
  for (const { pools } of ledgers.values()) {
    for (const { id, held, confirmed, capacity } of pools)
      if (held < 0 || confirmed < 0 || held + confirmed > capacity)
        return new Error(`pool ${id} has ${held} held and ${confirmed} confirmed of ${capacity}`);
  }
  return undefined;
};

/** One partition's store that keeps only its journal: every table is the result of a replay. */
export const newMemoryStore = (): MemoryStore => {
  let tables = newReplay();
  let progress: Progress = { position: 0, watermark: beforeAll, clockMs: 0, judgedMs: 0 };
  const journal: JournalEntry[] = [];
  const decided = new Set<RequestId>();
  const parked = new Set<RequestId>();
  const keys = new Map<string, KnownKey>();

  const commit = (batch: Batch): CommitVerdict => {
    if (batch.before.position !== progress.position) return { type: 'fenced' };
    if (repeats(batch, decided, keys)) return { type: 'duplicate' };
    const after = { ledgers: new Map(tables.ledgers), reservations: new Map(tables.reservations) };
    for (const entry of batch.entries) replayEntry(after, entry);
    const error = oversold(after.ledgers);
    if (error) return { type: 'refused', error };
    tables = after;
    progress = batch.after;
    journal.push(...batch.entries);
    batch.entries.forEach(note);
    for (const { requestId } of batch.parked) if (requestId) parked.add(requestId);
    return { type: 'committed' };
  };
  const note = ({ requestId, key }: JournalEntry): void => {
    if (!requestId) return;
    decided.add(requestId);
    if (key) keys.set(key.hash, { requestId, fingerprint: key.fingerprint });
  };
  const known = (id: RequestId): readonly (readonly [RequestId, KnownRequest])[] => {
    if (parked.has(id)) return [[id, { type: 'parked' }]];
    return decided.has(id) ? [[id, { type: 'answer', requestId: id }]] : [];
  };
  const holds = (): readonly Reservation[] =>
    [...tables.reservations.values()]
      .filter(({ status }) => status === 'held')
      .toSorted((a, b) => expiry(a) - expiry(b) || (a.id < b.id ? -1 : 1));

  const store: PartitionStore = {
    claim: async (partition) => ({
      type: 'claimed',
      claim: { partition, epoch: 1, token: '', server: 'memory' },
      progress,
    }),
    stands: async () => ({}),
    ledgers: async (ids) => picked(tables.ledgers, ids),
    ledgersOfPartition: async () => ({
      showIds: [...tables.ledgers.keys()],
      ledgers: readable(tables.ledgers),
    }),
    known: async (ids) => new Map(ids.flatMap(known)),
    keys: async (hashes) => picked(keys, hashes),
    reservations: async (ids) => picked(tables.reservations, ids),
    customerTotals: async (pairs) =>
      readable(
        new Map(pairs.map((pair) => [totalsKey(pair.showId, pair.customerId), totalsOf(tables, pair)])),
      ),
    dueHolds: async (_, { untilMs, limit, after }) => {
      const due = holdsBehind(holds(), after).filter((hold) => expiry(hold) <= untilMs);
      const last = due.length > limit ? due[limit - 1] : undefined;
      return { holds: due.slice(0, limit), stuck: [], ...(last && { next: keyOf(last) }) };
    },
    nextExpiryMs: async (_, after) => holdsBehind(holds(), after)[0]?.expiresAtMs,
    purgeKeys: async () => 0,
    prepare: () => undefined,
    commit: async (batch) => commit(batch),
    commitTogether: (batches) => batches.map(async (batch) => commit(batch)),
  };
  return { store, tables: () => tables, journal: () => journal, parked: () => parked };
};

const expiry = ({ expiresAtMs = 0 }: Reservation): number => expiresAtMs;

const keyOf = (hold: Reservation): HoldKey => ({ expiresAtMs: expiry(hold), id: hold.id });

const holdsBehind = (holds: readonly Reservation[], after: HoldKey | undefined): readonly Reservation[] =>
  after === undefined
    ? holds
    : holds.filter(
        (hold) =>
          expiry(hold) > after.expiresAtMs || (expiry(hold) === after.expiresAtMs && hold.id > after.id),
      );

/** Everything in memory is readable. */
const readable = <Key extends string, Value>(found: ReadonlyMap<Key, Value>): Lookup<Key, Value> =>
  Object.assign(new Map(found), { unreadable: new Map<string, string>() });

const picked = <Key extends string, Value>(
  from: ReadonlyMap<Key, Value>,
  keys: readonly Key[],
): Lookup<Key, Value> => {
  const found = new Map<Key, Value>();
  for (const key of keys) {
    const value = from.get(key);
    if (value !== undefined) found.set(key, value);
  }
  return readable(found);
};

const totalsOf = ({ reservations }: Replay, { showId, customerId }: CustomerOfShow): CustomerTotals => {
  const own = [...reservations.values()].filter(
    (each) => each.showId === showId && each.customerId === customerId,
  );
  const live = own.filter(({ status }) => status === 'held' || status === 'confirmed');
  const places = live.reduce((sum, { lines }) => sum + totalQuantity(lines), 0);
  return { places, holds: live.filter(({ status }) => status === 'held').length };
};
