import type { FastifyInstance } from 'fastify';
import { commandRoutes } from '../../src/command/command-routes.ts';
import type { BacklogLimits } from '../../src/command/door.ts';
import type { CommandOptions } from '../../src/command/options.ts';
import type { CustomerId, PoolId, RequestId, ReservationId, ShowId } from '../../src/domain/ids.ts';
import { parseCustomerId, parsePoolId, parseShowId } from '../../src/domain/ids.ts';
import type { ShowLedger } from '../../src/domain/ledger.ts';
import { type Outcome, outcomeId } from '../../src/domain/outcome.ts';
import type { Logger } from '../../src/domain/ports.ts';
import type { Reservation } from '../../src/domain/reservation.ts';
import { newStreamId } from '../../src/domain/stream-id.ts';
import { localIdentity } from '../../src/http/identity/local-identity.ts';
import { newReservationIds } from '../../src/http/identity/reservation-ids.ts';
import { buildServer, type ServerOptions } from '../../src/http/server.ts';
import type { Backlog, BoardView, OutcomeWait, OutcomeWatch, RequestKeys } from '../../src/log/contract.ts';
import { defaultStreamLimits } from '../../src/query/event-streams.ts';
import type { QueryOptions } from '../../src/query/options.ts';
import { queryRoutes } from '../../src/query/query-routes.ts';

/** Small stand-ins for log and store, because these tests check only HTTP. */

const sure = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error('the test data is wrong');
  return value;
};

export const nowMs = Date.UTC(2026, 0, 31, 20);
export const showId: ShowId = sure(parseShowId('01941f29-7000-8003-8123-456789abcdef'));
export const standing: PoolId = sure(parsePoolId('standing'));
export const balcony: PoolId = sure(parsePoolId('balcony'));
export const alice: CustomerId = sure(parseCustomerId('alice'));
export const reservationIds = newReservationIds({
  keys: ['a key of the tests'],
  nowMs: () => nowMs,
  random: () => 0.5,
});

export const show: ShowLedger = {
  showId,
  name: 'Opening night',
  revision: 1,
  openedAtMs: nowMs,
  asOfMs: nowMs + 12,
  rules: {},
  pools: [{ id: standing, name: 'Standing', capacity: 500, held: 0, confirmed: 3 }],
};

export const board = (
  rules: ShowLedger['rules'] = {},
  full: readonly { id: PoolId; mayReturn: boolean }[] = [],
): Extract<BoardView, { type: 'board' }> => ({
  type: 'board',
  board: { showId, revision: 1, rules, pools: [standing, balcony] },
  full,
  time: { timeMs: nowMs, sentMs: 0, answeredMs: 0 },
});

export const idle: Backlog = { entries: 0, waitSeconds: undefined, memoryUsed: 0 };

export const reservationOf = (id: ReservationId, more: Partial<Reservation> = {}): Reservation => ({
  id,
  showId,
  customerId: alice,
  status: 'confirmed',
  lines: [{ poolId: standing, quantity: 3 }],
  requestedAtMs: nowMs,
  decidedAtMs: nowMs + 12,
  ...more,
});

/** For functions that must not be called: the resulting 500 fails the test. */
export const untouched = (): never => {
  throw new Error('this should not have been asked');
};

/** A wait that ends with the result of `outcomeOf`, or by cancel. */
export const waitFor = (outcome: Outcome | Promise<Outcome | undefined> | undefined): OutcomeWait => {
  let cancel = (): void => {};
  const ended = new Promise<undefined>((resolve) => {
    cancel = () => resolve(undefined);
  });
  return { outcome: Promise.race([ended, Promise.resolve(outcome)]), cancel };
};

export const never: Promise<undefined> = new Promise(() => {});

/** Keys as Redis stores them: the first request that claims a key owns it. */
export const keysInMemory = (
  owners: Map<string, { requestId: RequestId; fingerprint: string }> = new Map(),
): RequestKeys => ({
  owner: async ({ hash }) => owners.get(hash),
  claim: async ({ hash, fingerprint }, requestId) => {
    const owner = owners.get(hash) ?? { requestId, fingerprint };
    owners.set(hash, owner);
    return owner;
  },
});

/** Watches whose outcomes the test publishes by hand. */
export const newWatches = (max = Number.POSITIVE_INFINITY) => {
  const listeners = new Set<(outcome: Outcome) => void>();
  const watches: OutcomeWatch = {
    watch: (id, listener) => {
      if (listeners.size >= max) return { type: 'full' };
      const ofThis = (outcome: Outcome): void => {
        if (outcomeId(outcome) === id) listener(outcome);
      };
      listeners.add(ofThis);
      return { type: 'watching', ready: Promise.resolve(), stop: () => void listeners.delete(ofThis) };
    },
  };
  const tell = (outcome: Outcome): void => {
    for (const listener of listeners) listener(outcome);
  };
  return { watches, tell, watching: () => listeners.size };
};

/** The defaults of the settings. */
export const backlogLimits: BacklogLimits = { entries: 1_000_000, waitSeconds: 60, memoryUsed: 0.8 };

export const commandFakes = (more: Partial<CommandOptions> = {}): CommandOptions => ({
  partitions: 16,
  identity: localIdentity,
  reservationIds,
  appender: { append: async () => ({ type: 'appended', streamId: newStreamId(nowMs, 0) }) },
  boards: { view: async () => board() },
  closings: { announceClosing: async () => undefined, withdrawClosing: async () => undefined },
  backlogs: { of: () => idle },
  backlogLimits,
  requireKeys: false,
  outcomes: { wait: () => waitFor(undefined) },
  keys: keysInMemory(),
  keyOnRecord: async () => undefined,
  lookUp: async () => undefined,
  clock: { nowMs: () => nowMs, monotonicMs: () => 0 },
  random: () => 0.25,
  choosePartition: async () => 5,
  onRefused: () => {},
  onManyAnswered: () => {},
  ...more,
});

export const queryFakes = (more: Partial<QueryOptions> = {}): QueryOptions => ({
  partitions: 16,
  identity: localIdentity,
  reservationIds,
  reader: emptyReader,
  tail: { lastId: async () => newStreamId(0, 0), mayHoldLate: async () => false },
  backlogs: { of: () => idle },
  outcomes: { wait: () => waitFor(undefined) },
  watches: newWatches().watches,
  streamLimits: defaultStreamLimits,
  feed: emptyFeed,
  clock: { nowMs: () => nowMs },
  stopping: new AbortController().signal,
  ...more,
});

const emptyFeed: QueryOptions['feed'] = {
  reader: {
    page: async ({ seen }) => ({ type: 'page', items: [], seen, isEnd: true }),
    end: async () => new Map(),
  },
  signals: { listen: () => ({ stop: () => undefined }) },
  partitions: 16,
  pair: async () => '00c0ffee',
  followersMax: 3,
};

export const emptyReader: QueryOptions['reader'] = {
  reservation: async () => ({ watermark: newStreamId(0, 0) }),
  show: async () => ({}),
  shows: async () => [],
  reservations: async () => ({ rows: [] }),
  history: async () => [],
};

export interface Logged {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly fields: object;
  readonly message: string;
}

export const loggerInto = (lines: Logged[]): Logger => {
  const at = (level: Logged['level']) => (fields: object, message: string) =>
    void lines.push({ level, fields, message });
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
};

export interface ServerFakes extends Partial<Omit<ServerOptions, 'routes'>> {
  readonly command?: Partial<CommandOptions>;
  readonly query?: Partial<QueryOptions>;
  readonly routes?: ServerOptions['routes'];
}

export const documentation: NonNullable<ServerOptions['documentation']> = {
  version: '0.0.0',
  securitySchemes: localIdentity.securitySchemes,
};

/** A server with command and query routes over fakes; the test must close it. */
export const serverOf = ({ command, query, routes, ...more }: ServerFakes = {}): FastifyInstance =>
  buildServer({
    routes: routes ?? [commandRoutes(commandFakes(command)), queryRoutes(queryFakes(query))],
    logger: loggerInto([]),
    stopping: new AbortController().signal,
    ...more,
  });

export const asAlice = { 'x-customer-id': 'alice' } as const;
export const asAdmin = { 'x-admin': 'true' } as const;
export const asService = { 'x-service': 'true' } as const;
