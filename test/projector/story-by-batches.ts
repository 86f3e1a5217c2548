import { noTotals, totalsKey } from '../../src/domain/customer.ts';
import type { Decision } from '../../src/domain/decisions.ts';
import { newStreamId } from '../../src/domain/stream-id.ts';
import type { ReadEntry } from '../../src/log/contract.ts';
import type { BatchInput } from '../../src/projector/decide/batch.ts';
import { customerId, reservationId, showId } from '../domain/generate.ts';
import { existing, type Story } from '../domain/story.ts';
import { decided, newcomers, type TestInput } from './batch-of.ts';

type CommittedState = Pick<BatchInput, 'ledgers' | 'reservations' | 'customers' | 'before'>;

/** Every request is a batch of its own, based on the result of the batch before. */
export const storyByBatches = (): Story => {
  let input: CommittedState = {
    ledgers: new Map(),
    reservations: new Map(),
    customers: newcomers,
    before: { position: 0, watermark: newStreamId(0, 0), clockMs: 0, judgedMs: 0 },
  };
  let sequence = 0;
  const next = (entries: readonly ReadEntry[], more: TestInput): Decision => {
    const batch = decided(entries, { ...input, ...more });
    input = { ...batch, before: batch.after };
    return existing(batch.journal[0]).decision;
  };
  return {
    ask: (request, { arrivedAtMs = 0, nowMs = arrivedAtMs } = {}) => {
      const streamId = newStreamId(arrivedAtMs, ++sequence);
      return next([{ streamId, content: { type: 'request', request } }], { nowMs });
    },
    lapse: (n) => {
      const due = existing(input.reservations.get(reservationId(n)));
      return next([], { due: [due], nowMs: due.expiresAtMs ?? 0 });
    },
    reservation: (n) => input.reservations.get(reservationId(n)),
    ledger: () => existing(input.ledgers.get(showId(1))),
    totals: (customer = 'alice') =>
      input.customers.get(totalsKey(showId(1), customerId(customer))) ?? noTotals,
  };
};
