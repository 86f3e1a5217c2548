import { inTurns } from '../in-turns.ts';
import { bySender } from '../loaders.ts';
import { measureThroughput, warmSecondsOf } from '../measure-throughput.ts';
import { type OurSideOptions, ourSide } from '../sides/our-side.ts';
import type { OurSide } from '../sides/side.ts';
import { throughputLines } from '../throughput-lines.ts';
import type { RunPart } from './part.ts';

// A customer of its own in each request: with one for all, a limit would refuse everything.
const customer = { 'x-customer-id': 'customer-{n}' };
const keyed = { ...customer, 'idempotency-key': 'key-{n}' };

interface Variant extends OurSide {
  readonly headers: Readonly<Record<string, string>>;
}

const variant = (options: OurSideOptions, headers: Variant['headers']): Variant => ({
  ...ourSide(options),
  headers,
});

const rules = { maxPerCustomer: 4 };

const sides: readonly Variant[] = [
  variant({ id: 'onsale', name: 'onsale, neither' }, customer),
  variant({ id: 'onsale-limit', name: 'onsale, with a limit per customer', rules }, customer),
  variant({ id: 'onsale-keys', name: 'onsale, with a key each' }, keyed),
  variant({ id: 'onsale-both', name: 'onsale, with both', rules }, keyed),
];

/** What a limit per customer and an Idempotency-Key on every request cost, by the same sender. */
export const variants: RunPart = async (bench) => {
  const { quick, seconds = quick ? 3 : 15, rounds } = bench.asked;
  const measured = await inTurns(sides, rounds, (side) =>
    measureThroughput(side, {
      ...bench,
      load: bySender(side.headers),
      seconds,
      warmSeconds: warmSecondsOf(bench),
    }),
  );
  return [...measured].flatMap(([side, runs]) => throughputLines('variants', side, runs));
};
