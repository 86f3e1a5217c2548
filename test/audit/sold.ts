import { type CustomerTotals, noTotals, totalsKey } from '../../src/domain/customer.ts';
import type { JournalEntry } from '../../src/domain/decisions.ts';
import type { ReservationId, ShowId } from '../../src/domain/ids.ts';
import type { ShowLedger } from '../../src/domain/ledger.ts';
import type { RequestEvent, RuleChanges, ShowRules } from '../../src/domain/requests.ts';
import { isDue, type Reservation } from '../../src/domain/reservation.ts';
import { beforeAll, newStreamId } from '../../src/domain/stream-id.ts';
import type { ReadEntry } from '../../src/log/contract.ts';
import { decideBatch } from '../../src/projector/decide/decide-batch.ts';
import type { Progress } from '../../src/store/contract.ts';
import { customerId, line, opening, request, requestId, reservationId, showId } from '../domain/generate.ts';
import { judged } from '../support/judged.ts';
import { type Remains, remainsOf } from './memory-source.ts';

export interface Asked {
  readonly request: RequestEvent;
  /** The time at which the request arrived and was decided, in ms. */
  readonly atMs: number;
}

export const ask = (
  n: number,
  quantity: number,
  atMs: number,
  { customer = 'alice', show = 1 }: { readonly customer?: string; readonly show?: number } = {},
): Asked => ({ request: request(n, [line('stalls', quantity)], showId(show), customer), atMs });

export const confirm = (n: number, about: number, atMs: number): Asked => ({
  request: { ...aboutReservation(n, about), type: 'ConfirmationRequested' },
  atMs,
});

export const extend = (n: number, about: number, atMs: number): Asked => ({
  request: { ...aboutReservation(n, about), type: 'ExtensionRequested' },
  atMs,
});

/** Cancels all places, or this many. */
export const cancel = (n: number, about: number, atMs: number, places?: number): Asked => ({
  request: {
    ...aboutReservation(n, about),
    type: 'CancellationRequested',
    ...(places !== undefined && { lines: [line('stalls', places)] }),
  },
  atMs,
});

const aboutReservation = (n: number, about: number) => ({
  requestId: requestId(n),
  reservationId: reservationId(about),
  customerId: customerId('alice'),
  actor: 'customer' as const,
});

export const open = (capacity: number, rules: ShowRules = {}, show = 1): Asked => ({
  request: opening({ stalls: capacity }, rules, showId(show)),
  atMs: show,
});

export const change = (n: number, revision: number, atMs: number, rules: RuleChanges): Asked => ({
  request: {
    type: 'ShowChangeRequested',
    requestId: requestId(n),
    showId: showId(1),
    revisions: [revision],
    rules,
    force: false,
  },
  atMs,
});

/** No customer has places before their first request. */
const totalsOf = (request: RequestEvent): readonly (readonly [string, CustomerTotals])[] =>
  request.type === 'ReservationRequested' ? [[totalsKey(request.showId, request.customerId), noTotals]] : [];

/** The data after all these requests, decided one by one with the production code. */
export const sold = (asked: readonly Asked[]): Remains => {
  let before: Progress = { position: 0, watermark: beforeAll, clockMs: 0, judgedMs: 0 };
  let ledgers: ReadonlyMap<ShowId, ShowLedger> = new Map();
  let reservations: ReadonlyMap<ReservationId, Reservation> = new Map();
  let customers: ReadonlyMap<string, CustomerTotals> = new Map();
  const journal: JournalEntry[] = [];
  const stream: ReadEntry[] = [];
  for (const { request, atMs } of asked) {
    const entry: ReadEntry = { streamId: newStreamId(atMs, 0), content: { type: 'request', request } };
    const batch = decideBatch({
      partition: 0,
      judgements: judged({
        entries: [entry],
        due: [...reservations.values()].filter((it) => isDue(it, atMs)),
        judgedMs: before.judgedMs,
      }),
      known: new Set(),
      keys: new Map(),
      ledgers,
      reservations,
      customers: new Map([...totalsOf(request), ...customers]),
      before,
      nowMs: atMs,
    });
    journal.push(...batch.journal);
    stream.push(entry);
    ledgers = new Map([...ledgers, ...batch.ledgers]);
    reservations = new Map([...reservations, ...batch.reservations]);
    customers = batch.customers;
    before = batch.after;
  }
  return remainsOf({ partition: { partition: 0, progress: before }, journal, stream });
};

/** A show of three places that are confirmed at once, and one more request than there is room for. */
export const plain = () => sold([open(3), ask(1, 2, 10), ask(2, 1, 20), ask(3, 1, 30), cancel(4, 1, 40)]);
/** Holds of one second: one is confirmed, one lapses and is confirmed late, and one is still live. */
export const withHolds = () =>
  sold([
    open(3, { holdSeconds: 1 }),
    ask(1, 1, 10),
    ask(2, 1, 20),
    confirm(3, 1, 500),
    ask(4, 2, 600),
    confirm(5, 2, 2_000),
    ask(6, 1, 2_010),
  ]);

/**
 * The same in the form of an older build, which did not record the time of judging; so decisions may be moved
 * freely.
 */
export const ofOlderBuild = (it: Remains): Remains => ({
  ...it,
  journal: it.journal.map(({ judgedAtMs: _, ...entry }) => entry),
});
