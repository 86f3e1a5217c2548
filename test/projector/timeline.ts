import { setImmediate } from 'node:timers/promises';
import type { Board, FullPool } from '../../src/domain/board.ts';
import type { RequestEvent, ShowRules } from '../../src/domain/requests.ts';
import type { Reservation } from '../../src/domain/reservation.ts';
import { beforeAll, newStreamId, type StreamId } from '../../src/domain/stream-id.ts';
import type { PartitionLog, ReadEntry, ReadVerdict } from '../../src/log/contract.ts';
import type { OwnedPartition } from '../../src/projector/owned-partition.ts';
import { step } from '../../src/projector/step.ts';
import type { Verdict } from '../../src/projector/verdict.ts';
import { line, opening, request, reservationId, showId } from '../domain/generate.ts';
import { inAWord } from '../domain/story.ts';
import { type MemoryStore, newMemoryStore } from '../model/memory-store.ts';
import { ownPartition } from './own-partition.ts';

/** Second 0 of the stream. */
const zeroMs = 1_000_000;
export const ms = (seconds: number): number => zeroMs + Math.round(seconds * 1_000);

/** An entry at a second of the stream; `sequence` distinguishes two of the same millisecond. */
export const came = (seconds: number, asked: RequestEvent, sequence = 0): ReadEntry => ({
  streamId: newStreamId(ms(seconds), sequence),
  content: { type: 'request', request: asked },
});

export interface TimelineRead {
  /** Redis TIME, in seconds of the stream. */
  readonly at: number;
  readonly entries?: readonly ReadEntry[];
}

export interface Timeline extends Pick<MemoryStore, 'journal' | 'tables' | 'store'> {
  readonly owned: () => OwnedPartition;
  /** The owner reads once, gets this, and steps until all of it is settled. */
  readonly read: (found: TimelineRead) => Promise<void>;
  /** One step, which reads from `ready`. */
  readonly step: (...ready: readonly TimelineRead[]) => Promise<Verdict>;
  /** Another projector takes over and knows only what is committed. */
  readonly handOver: () => Promise<void>;
  /** The decisions since the show was opened, each in one word. */
  readonly words: () => readonly string[];
  readonly reservation: (n: number) => Reservation | undefined;
  /** The full pools in the latest board of the show. */
  readonly full: () => readonly FullPool[] | undefined;
  /** Boards in the order in which they were written. */
  readonly boards: readonly Board[];
  /** The server of each mark that all boards are there. */
  readonly marks: readonly string[];
  /** Called before boards are written. */
  onBoards: () => void;
  /** A fail-over to another server. */
  replaceRedis(): void;
}

export interface TimelineOptions {
  readonly capacity?: number;
  readonly rules?: ShowRules;
  readonly batchMax?: number;
  readonly store?: MemoryStore;
}

const nothing = (): void => {};
const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing };

/**
 * The projector's step over a stream whose reads the test supplies one by one. A show was opened ten seconds
 * before second 0.
 */
export const newTimeline = async ({
  capacity = 1,
  rules = { holdSeconds: 10 },
  batchMax = 2_000,
  store: memory = newMemoryStore(),
}: TimelineOptions = {}): Promise<Timeline> => {
  const reads: TimelineRead[] = [];
  let lastDelivered: StreamId = beforeAll;
  const read = async (): Promise<ReadVerdict> => {
    const next = reads.shift();
    // In a backlog an owner reads on by itself; then it gets nothing, and must read again when there is more.
    if (!next) return { type: 'reconnected' };
    const { at, entries = [] } = next;
    lastDelivered = entries.at(-1)?.streamId ?? lastDelivered;
    return { type: 'read', entries, nowMs: ms(at), lastDelivered };
  };
  let full: readonly FullPool[] | undefined;
  const written: Board[] = [];
  const marks: string[] = [];
  let servers = 1;
  const boardsServer = (): string => `server ${servers}`;
  const markBoardsComplete = async (): Promise<void> => {
    marks.push(boardsServer());
  };
  const publish: PartitionLog['publish'] = async ({ boards }) => {
    timeline.onBoards();
    full = boards.at(-1)?.full ?? full;
    written.push(...boards.map(({ board }) => board));
  };
  // As on a database, a commit takes longer than the work done in memory meanwhile.
  const commit: MemoryStore['store']['commit'] = async (batch) => {
    await setImmediate();
    return await memory.store.commit(batch);
  };
  const slow = { ...memory, store: { ...memory.store, commit } };
  const dependencies = dependenciesOver(slow, { read, publish, boardsServer, markBoardsComplete }, batchMax);
  const own = () => ownPartition(dependencies, { partition: 0, token: 'timeline' });
  let owned = await own();
  const timeline: Timeline = {
    ...memory,
    owned: () => owned,
    step: async (...ready) => {
      reads.push(...ready);
      if ((await owned.ahead?.reading)?.type === 'reconnected') owned.ahead = undefined;
      return await step(owned);
    },
    read: async (found) => {
      let verdict = await timeline.step(found);
      while (owned.rest || verdict.type === 'halved') verdict = await timeline.step();
    },
    handOver: async () => {
      owned = await own();
    },
    words: () => memory.journal().flatMap(({ decision }) => (isOpening(decision) ? [] : inAWord(decision))),
    full: () => full,
    boards: written,
    marks,
    onBoards: () => undefined,
    replaceRedis: () => {
      servers += 1;
    },
    reservation: (n) => memory.tables().reservations.get(reservationId(n)),
  };
  await timeline.read({ at: -10, entries: [came(-10, opening({ stalls: capacity }, rules))] });
  return timeline;
};

const isOpening = ({ type }: { readonly type: string }): boolean => type === 'ShowOpened';

/** The sleep of a clock on which the moment never comes. */
export const untilAborted = (signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    signal?.addEventListener('abort', () => resolve());
  });

export const dependenciesOver = (
  { store }: MemoryStore,
  log: Pick<PartitionLog, 'read' | 'publish'> & Partial<PartitionLog>,
  batchMax: number,
) => ({
  store,
  log: {
    waitForEntries: async () => {},
    lift: async () => 'current' as const,
    compareClaim: async () => 'same' as const,
    noteClaim: async () => {},
    trim: async () => {},
    boardsServer: () => 'server',
    markBoardsComplete: async () => {},
    markBoardsIncomplete: async () => {},
    ...log,
  },
  clock: { nowMs: () => 0, monotonicMs: () => 0, sleep: async () => {} },
  random: () => 0.5,
  logger: silent,
  settings: { projectorId: 'timeline', batchMax },
});

/** The n-th reservation requests this many stalls. */
export const asks = (n: number, quantity = 1, customer = 'alice'): RequestEvent =>
  request(n, [line('stalls', quantity)], showId(1), customer);
