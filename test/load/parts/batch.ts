import { inTurns } from '../in-turns.ts';
import { bySender, type Loader } from '../loaders.ts';
import { patientDoor } from '../measure-drain.ts';
import { measureThroughput, type Throughput, warmSecondsOf } from '../measure-throughput.ts';
import { ourSide } from '../sides/our-side.ts';
import type { Side, Target } from '../sides/side.ts';
import { throughputLines } from '../throughput-lines.ts';
import type { Bench, RunPart } from './part.ts';

/** The maximum of a call. */
export const perCall = 100;
/** A tenth of the connections of the single calls, each with ten times as many requests in flight. */
const callers = 10;

const single: Loader = bySender({ 'x-customer-id': 'customer-{n}' });

/** A request that the door refused would be counted as accepted here, and then be missing among the committed. */
const inCalls: Loader = async (target, loading) => {
  const calls = { load: { type: 'closed', connections: callers, seconds: loading.seconds } } as const;
  const figures = await bySender({ 'x-service': 'true' }, calls)(callOf(target), loading);
  return { ...figures, accepted: figures.accepted * perCall };
};

export const callOf = ({ url, body }: Target): Target => ({
  url: `${url}/batch`,
  headers: {},
  body: {
    requests: Array.from({ length: perCall }, (_, n) => ({ customerId: `customer-{n}-${n}`, ...body })),
  },
});

interface Way extends Side {
  readonly load: Loader;
}

// The door of neither refuses, however far the projector falls behind the API.
const waysOf = (): readonly Way[] => [
  { ...ourSide({ id: 'onsale', name: 'onsale, single calls', env: patientDoor }), load: single },
  { ...ourSide({ id: 'onsale-batch', name: 'onsale, 100 in a call', env: patientDoor }), load: inCalls },
];

/** Committed reservations per second with a hundred in a call, beside single calls of the same sender. */
export const batch: RunPart = async (bench) => {
  const measured = await inTurns(waysOf(), bench.asked.rounds, (way) => playWay(way, bench));
  return [...measured].flatMap(([way, runs]) => throughputLines('batch', way, runs));
};

const playWay = (way: Way, bench: Bench): Promise<Throughput> => {
  const { quick, seconds = quick ? 3 : 15 } = bench.asked;
  return measureThroughput(way, { ...bench, load: way.load, seconds, warmSeconds: warmSecondsOf(bench) });
};
