import type { Trial } from '../against/trial.ts';
import { inTurns } from '../in-turns.ts';
import { bySender } from '../loaders.ts';
import { measureThroughput, outcomeOf, type Throughput, warmSecondsOf } from '../measure-throughput.ts';
import { type OurSideOptions, ourSide } from '../sides/our-side.ts';
import type { Side } from '../sides/side.ts';
import { throughputLines } from '../throughput-lines.ts';
import type { Bench, RunPart } from './part.ts';

// Each request has a customer of its own: with the same customer for all, a limit would refuse everything.
const customer = { 'x-customer-id': 'customer-{n}' };
const keyed = { ...customer, 'idempotency-key': 'key-{n}' };

interface Variant {
  readonly ours: OurSideOptions;
  readonly headers: Readonly<Record<string, string>>;
  /** Its name when two builds are compared. */
  readonly load: string;
}

const rules = { maxPerCustomer: 4 };

const variantsOfOurs: readonly Variant[] = [
  { ours: { id: 'onsale', name: 'onsale, neither' }, headers: customer, load: 'a customer each' },
  {
    ours: { id: 'onsale-limit', name: 'onsale, with a limit per customer', rules },
    headers: customer,
    load: 'limit per customer',
  },
  { ours: { id: 'onsale-keys', name: 'onsale, with a key each' }, headers: keyed, load: 'key each' },
  {
    ours: { id: 'onsale-both', name: 'onsale, with both', rules },
    headers: keyed,
    load: 'limit and key each',
  },
];

const playVariant = (side: Side, { headers }: Variant, bench: Bench): Promise<Throughput> => {
  const { quick, seconds = quick ? 3 : 15 } = bench.asked;
  const warmSeconds = warmSecondsOf(bench);
  return measureThroughput(side, { ...bench, load: bySender(headers), seconds, warmSeconds });
};

/** The cost of a limit per customer and of an Idempotency-Key on every request, by the same sender. */
export const variants: RunPart = async (bench) => {
  const sides = variantsOfOurs.map((variant) => ({ ...ourSide(variant.ours), variant }));
  const measured = await inTurns(sides, bench.asked.rounds, (side) => playVariant(side, side.variant, bench));
  return [...measured].flatMap(([side, runs]) => throughputLines('variants', side, runs));
};

export const variantsTrials: readonly Trial[] = variantsOfOurs.map((variant) => ({
  name: variant.load,
  play: async (build, bench) =>
    outcomeOf(await playVariant(ourSide({ ...variant.ours, build }), variant, bench)),
}));
