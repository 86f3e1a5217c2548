import type { CommandOptions } from '../../src/command/options.ts';
import { boardOf, fullPoolsOf } from '../../src/domain/board.ts';
import type { JournalEntry } from '../../src/domain/decisions.ts';
import { partitionOf, type RequestId, type ReservationId, type ShowId } from '../../src/domain/ids.ts';
import type { ShowLedger } from '../../src/domain/ledger.ts';
import { type Outcome, outcomeId } from '../../src/domain/outcome.ts';
import { type RequestEvent, requestIdOf } from '../../src/domain/requests.ts';
import type { Reservation } from '../../src/domain/reservation.ts';
import { beforeAll, newStreamId, type StreamId } from '../../src/domain/stream-id.ts';
import { claimFirst } from '../../src/log/append/claim-first.ts';
import type { RequestAppender } from '../../src/log/contract.ts';
import { decodeEntry, encodeEntry } from '../../src/log/wire/codec.ts';
import { decideBatch } from '../../src/projector/decide/decide-batch.ts';
import { outcomesOf } from '../../src/projector/publish.ts';
import type { QueryOptions } from '../../src/query/options.ts';
import type { KnownKey, Progress } from '../../src/store/contract.ts';
import { board, idle, keysInMemory, newWatches, nowMs } from './fakes.ts';

/**
 * The other side of HTTP: the production code for deciding, with three maps as its storage. Each request is
 * decided as soon as it is appended. So every possible answer can be produced without a server, including
 * some of those that need a failing server.
 */
export interface DecidingWorld {
  readonly command: Partial<CommandOptions>;
  readonly query: Partial<QueryOptions>;
  /** Entries that could not be decided. */
  readonly parked: readonly string[];
  readonly decided: () => number;
  /** Redis forgets the keys; the tables keep them longer. */
  readonly forgetKeys: () => void;
}

interface Tables {
  readonly ledgers: Map<ShowId, ShowLedger>;
  readonly reservations: Map<ReservationId, Reservation>;
  readonly outcomes: Map<RequestId, Outcome>;
  readonly keys: Map<string, KnownKey>;
  readonly journal: JournalEntry[];
  readonly parked: string[];
  readonly progress: Map<number, Progress>;
}

const started: Progress = { position: 0, watermark: beforeAll, clockMs: nowMs, judgedMs: nowMs };

const newTables = (): Tables => ({
  ledgers: new Map(),
  reservations: new Map(),
  outcomes: new Map(),
  keys: new Map(),
  journal: [],
  parked: [],
  progress: new Map(),
});

/** Through the codec, as if it went through Redis. */
const decideNow = (tables: Tables, partition: number, request: RequestEvent): StreamId => {
  const before = tables.progress.get(partition) ?? started;
  const streamId = newStreamId(before.clockMs + 1, 0);
  const content = decodeEntry(encodeEntry(request).map((field) => Buffer.from(field)));
  const batch = decideBatch({
    partition,
    judgements: [{ type: 'entry', judgedAtMs: before.clockMs + 1, entry: { streamId, content } }],
    known: new Set(tables.outcomes.keys()),
    keys: tables.keys,
    ledgers: tables.ledgers,
    reservations: tables.reservations,
    customers: new Map(),
    before,
    nowMs: before.clockMs + 2,
  });
  tables.progress.set(partition, batch.after);
  for (const [id, ledger] of batch.ledgers) tables.ledgers.set(id, ledger);
  for (const [id, reservation] of batch.reservations) tables.reservations.set(id, reservation);
  for (const outcome of outcomesOf(batch)) tables.outcomes.set(outcomeId(outcome), outcome);
  tables.journal.push(...batch.journal);
  for (const { key, requestId: id } of batch.journal)
    if (key && id) tables.keys.set(key.hash, { requestId: id, fingerprint: key.fingerprint });
  tables.parked.push(...batch.parked.map(({ why }) => `${why}: ${requestIdOf(request)}`));
  return streamId;
};

/**
 * The outcome of a request, with the current state of its reservation or show, as it is published again and
 * looked up.
 */
const outcomeNow = ({ outcomes, reservations, ledgers }: Tables, id: RequestId): Outcome | undefined => {
  const outcome = outcomes.get(id);
  if (!outcome) return undefined;
  const reservation =
    'reservation' in outcome && outcome.reservation && reservations.get(outcome.reservation.id);
  const show = 'show' in outcome && outcome.show && ledgers.get(outcome.show.showId);
  return { ...outcome, ...(reservation && { reservation }), ...(show && { show }) };
};

/** Returns true at every `n`th call. */
const onceIn = (n: number): (() => boolean) => {
  let calls = 0;
  return () => {
    calls += 1;
    return calls % n === 0;
  };
};

const throwing = (): never => {
  throw new Error('connect ECONNREFUSED');
};

const never = (): boolean => false;

/** In calm weather nothing is lost or late, and no server is away or overloaded. */
export const newDecidingWorld = (weather: 'rough' | 'calm' = 'rough'): DecidingWorld => {
  const tables = newTables();
  const [lost, full, late, away, busy, blind] = [23, 29, 7, 31, 37, 5].map((n) =>
    weather === 'calm' ? never : onceIn(n),
  );
  if (!lost || !full || !late || !away || !busy || !blind) throw new Error('six kinds of trouble');
  const backlogs = { of: () => (busy() ? { ...idle, entries: 2_000_000, waitSeconds: 90 } : idle) };
  const lookUp = async (id: RequestId): Promise<Outcome | undefined> => outcomeNow(tables, id);
  const wait: CommandOptions['outcomes']['wait'] = (id) => ({
    cancel: () => {},
    // Read when it is awaited: by then the request is decided, or its outcome was lost.
    get outcome() {
      return Promise.resolve(late() ? undefined : outcomeNow(tables, id));
    },
  });
  const owners: Parameters<typeof keysInMemory>[0] = new Map();
  const keys = keysInMemory(owners);
  const append: RequestAppender['append'] = async (partition, request) => {
    if (full()) return { type: 'refused', why: 'out of memory' };
    const streamId = decideNow(tables, partition, request);
    return lost() ? { type: 'unknown', why: 'no reply' } : { type: 'appended', streamId };
  };
  return {
    parked: tables.parked,
    decided: () => tables.journal.length,
    forgetKeys: () => owners.clear(),
    command: {
      appender: claimFirst({ append }, keys),
      boards: {
        view: async (showId) => {
          const ledger = tables.ledgers.get(showId);
          if (blind()) return { type: 'no-board' };
          return ledger
            ? { ...board(), type: 'board', board: boardOf(ledger), full: fullPoolsOf(ledger) }
            : { type: 'unknown-show' };
        },
      },
      backlogs,
      outcomes: { wait },
      keys,
      lookUp,
      choosePartition: async () => (away() ? throwing() : 5),
    },
    query: {
      backlogs,
      outcomes: { wait },
      reader: readerOf(tables, away),
      tail: tailOf(tables, away),
      watches: newWatches(10).watches,
    },
  };
};

const tailOf = (tables: Tables, away: () => boolean): QueryOptions['tail'] => ({
  lastId: async (partition) => (away() ? throwing() : (tables.progress.get(partition) ?? started).watermark),
  mayHoldLate: async () => false,
});

const answerWith = (show: ShowLedger | undefined) => (show ? { show } : {});

const readerOf = (tables: Tables, away: () => boolean): QueryOptions['reader'] => ({
  reservation: async (id) => {
    if (away()) throwing();
    const reservation = tables.reservations.get(id);
    const { watermark } = tables.progress.get(partitionOf(id)) ?? started;
    return reservation ? { reservation, watermark } : { watermark };
  },
  show: async (id) => (away() ? throwing() : answerWith(tables.ledgers.get(id))),
  shows: async ({ limit, after }) =>
    [...tables.ledgers.values()]
      .filter(({ showId }) => after === undefined || showId < after)
      .slice(0, limit)
      .map((value) => ({ id: value.showId, value })),
  reservations: async ({ customerId, showId, status, reference, after, limit }) => {
    const found = [...tables.reservations.values()].filter(
      (it) =>
        (customerId === undefined || it.customerId === customerId) &&
        (showId === undefined || it.showId === showId) &&
        (status === undefined || it.status === status) &&
        (reference === undefined || it.reference === reference) &&
        (after === undefined || it.id < after),
    );
    const rows = found.slice(0, limit).map((value) => ({ id: value.id, value }));
    const next = found.length > limit ? rows.at(-1)?.id : undefined;
    return { rows, ...(next && { next }) };
  },
  history: async (id) =>
    tables.journal
      .filter(({ decision }) => 'reservationId' in decision && decision.reservationId === id)
      .map((entry) => ({ type: 'decision', entry })),
});
