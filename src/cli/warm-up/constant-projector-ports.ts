import { noTotals, totalsKey } from '../../domain/customer.ts';
import type { Clock, Random } from '../../domain/ports.ts';
import { beforeAll, newStreamId } from '../../domain/stream-id.ts';
import type { PartitionLog } from '../../log/contract.ts';
import { encodeBoard } from '../../log/wire/board-codec.ts';
import { decodeEntry, encodeEntry } from '../../log/wire/codec.ts';
import { encodeOutcomes } from '../../log/wire/outcome-codec.ts';
import type { PartitionStore } from '../../store/contract.ts';
import { textOf } from '../../store/database/insert-text.ts';
import type { Session } from '../../store/database/session.ts';
import { newLookup } from '../../store/database/try-decode.ts';
import { partitionStoreOver } from '../../store/partition-store.ts';
import { customerId, holdShow, lines, nothing, plainShow, reservationIdOf } from './sample.ts';

const shows = [plainShow, holdShow];

/** The entries of every read, as Redis would return them. */
const encodedEntries = Array.from({ length: 100 }, (_, number) => {
  const { showId } = shows[number % shows.length] ?? plainShow;
  const reservationId = reservationIdOf(number);
  const request = { type: 'ReservationRequested', reservationId, showId, customerId, lines } as const;
  return encodeEntry(request).map((text) => Buffer.from(text));
});

/** `onRead` is called before each read. */
export const constantLog = ({ nowMs }: Clock, onRead: () => void): PartitionLog => {
  let lastMs = nowMs();
  const idOf = (seq: number) => newStreamId(lastMs, seq);
  const done = async (): Promise<void> => undefined;
  return {
    read: async () => {
      onRead();
      lastMs += 1;
      const entries = encodedEntries.map((fields, seq) => ({
        streamId: idOf(seq),
        content: decodeEntry(fields),
      }));
      return { type: 'read', entries, nowMs: lastMs, lastDelivered: idOf(entries.length) };
    },
    publish: async ({ outcomes, boards }) => {
      encodeOutcomes(outcomes);
      for (const { board } of boards) encodeBoard(board);
    },
    waitForEntries: done,
    lift: async () => 'current',
    trim: done,
    compareClaim: async () => 'same',
    noteClaim: done,
    boardsServer: () => 'constant',
    markBoardsComplete: done,
    markBoardsIncomplete: done,
  };
};

/** A session on which every statement does what it is asked. The text of an INSERT is made, as it is for a server. */
const session: Session = {
  rows: async () => [],
  arrays: async () => [],
  change: async (_sql, [json] = []) => JSON.parse(String(json)).length,
  insert: async (sql, rows) => textOf(sql, rows).length,
  run: async () => undefined,
  ping: async () => undefined,
  destroy: nothing,
  gone: new Promise(nothing),
  home: 'warm-up',
};
const lend = async () => session;
const sessions = {
  borrow: lend,
  open: lend,
  release: nothing,
  destroy: nothing,
  close: async () => undefined,
};

const claim = { partition: 0, epoch: 1, token: '', server: session.home };
const progress = { position: 0, watermark: beforeAll, clockMs: 0, judgedMs: 0 };
const row = <Key extends string, Value>(key: Key, value: Value) =>
  [key, { type: 'read', value: [key, value] }] as const;

/** The process's own store on that session, with ledgers that never change. */
export const constantStore = (clock: Clock, random: Random): PartitionStore => ({
  ...partitionStoreOver(sessions, { clock, random, leaseTtlMs: 1_000 }),
  claim: async () => ({ type: 'claimed', claim, progress }),
  stands: async () => ({}),
  ledgers: async () => newLookup(shows.map((show) => row(show.showId, show))),
  customerTotals: async (pairs) =>
    newLookup(pairs.map((pair) => row(totalsKey(pair.showId, pair.customerId), noTotals))),
});
