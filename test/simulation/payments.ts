import type { Action } from './plan.ts';
import { newSeededRandom } from './seeded-random.ts';

/** Some runs, the same ones always; the others are as they were before there were any. */
export const paymentsEvery = 5;

/**
 * What a proxy and a customer with two windows make of a sale: reservations that are confirmed with one payment and with
 * another, and parts that are given back, each again and again under a few keys.
 */
export const payments = (
  seed: number,
  sale: { readonly atMs: number; readonly forMs: number },
): readonly Action[] => {
  const random = newSeededRandom(`payments ${seed}`);
  return Array.from({ length: 4 + random.below(16) }, (): Action => {
    const atMs = sale.atMs + random.between(5, sale.forMs);
    const nth = random.below(4);
    // Apart from those of the other calls; what is asked under one decides which of the repetitions are one request.
    const key = 100 + random.below(6);
    if (random.chance(0.6)) {
      const isKeyed = random.chance(0.7);
      return { atMs, type: 'confirm', nth, reference: random.below(2), ...(isKeyed && { key }) };
    }
    return { atMs, type: 'cancel', nth, lines: [{ pool: random.pick([0, 0, 1]), quantity: 1 }], key };
  });
};
