import { type CustomerTotals, noTotals, totalsKey } from '../../src/domain/customer.ts';
import { decide } from '../../src/domain/decide.ts';
import { evolve, type ShowLedger } from '../../src/domain/ledger.ts';
import type { RequestEvent, ShowRules } from '../../src/domain/requests.ts';
import type { Reservation } from '../../src/domain/reservation.ts';
import { newStreamId, type StreamId } from '../../src/domain/stream-id.ts';
import type { EntryContent, ReadEntry } from '../../src/log/contract.ts';
import type { BatchInput, DecidedBatch } from '../../src/projector/decide/batch.ts';
import { decideBatch } from '../../src/projector/decide/decide-batch.ts';
import { customerId, line, opening, request, showId } from '../domain/generate.ts';
import { inAWord } from '../domain/story.ts';
import { judged } from '../support/judged.ts';

export const at = (n: number): StreamId => newStreamId(1_000 + n, 0);

export const entry = (n: number, content: RequestEvent | EntryContent): ReadEntry => ({
  streamId: at(n),
  content:
    content.type === 'broken' || content.type === 'newer' || content.type === 'request'
      ? content
      : { type: 'request', request: content },
});

/** Show 1 with this many stalls, as opened. */
export const ledger = (capacity: number, rules: ShowRules = {}): ShowLedger => {
  const asked = opening({ stalls: capacity }, rules);
  const open = evolve(undefined, decide(asked, { arrivedAtMs: 0, nowMs: 0 }), 0);
  if (!open) throw new Error('not opened');
  return open;
};

/** Customers who have nothing of show 1 yet. */
export const newcomers: ReadonlyMap<string, CustomerTotals> = new Map(
  ['alice', 'bob'].map((name) => [totalsKey(showId(1), customerId(name)), noTotals]),
);

const fresh = { position: 10, watermark: at(0), clockMs: 500, judgedMs: 1_000 };

export type TestInput = Partial<BatchInput> & { readonly due?: readonly Reservation[] };

export const decided = (
  entries: readonly ReadEntry[],
  { due = [], before = fresh, ...input }: TestInput = {},
): DecidedBatch =>
  decideBatch({
    partition: 0,
    judgements: judged({ entries, due, judgedMs: before.judgedMs }),
    known: new Set(),
    keys: new Map(),
    ledgers: new Map([[showId(1), ledger(3)]]),
    reservations: new Map(),
    customers: newcomers,
    before,
    nowMs: 2_000,
    ...input,
  });

/** The request of the n-th reservation, for stalls. */
export const ask = (n: number, quantity: number, customer = 'alice'): RequestEvent =>
  request(n, [line('stalls', quantity)], undefined, customer);

/** Decides all of them in one batch, in this order. */
export const inOne = (requests: readonly RequestEvent[], input: TestInput = {}): DecidedBatch =>
  decided(
    requests.map((each, n) => entry(n + 1, each)),
    input,
  );

/** The decisions in order, each in one word. */
export const words = ({ journal }: DecidedBatch): string[] =>
  journal.map(({ decision }) => inAWord(decision));
