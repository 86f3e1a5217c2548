import type { Action } from './plan.ts';
import { newSeededRandom } from './seeded-random.ts';

/** Every fifth seed has payments. The plans of the other seeds stay the same as before payments existed. */
export const paymentsEvery = 5;

/**
 * What a proxy that repeats requests, or a customer with two browser windows, does to a sale: the same
 * reservation is confirmed with one payment and with another, and parts of it are cancelled, each again and
 * again under a few keys.
 */
export const payments = (
  seed: number,
  sale: { readonly atMs: number; readonly forMs: number },
): readonly Action[] => {
  const random = newSeededRandom(`payments ${seed}`);
  return Array.from({ length: 4 + random.below(16) }, (): Action => {
    const atMs = sale.atMs + random.between(5, sale.forMs);
    const nth = random.below(4);
    // The keys differ from those of the other calls. Repetitions under one key with the same content are one
    // request.
    const key = 100 + random.below(6);
    if (random.chance(0.6)) {
      const isKeyed = random.chance(0.7);
      return { atMs, type: 'confirm', nth, reference: random.below(2), ...(isKeyed && { key }) };
    }
    return { atMs, type: 'cancel', nth, lines: [{ pool: random.pick([0, 0, 1]), quantity: 1 }], key };
  });
};
