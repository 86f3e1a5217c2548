import { inTurns } from '../in-turns.ts';
import { byAutocannon } from '../loaders.ts';
import { measureThroughput } from '../measure-throughput.ts';
import { ourSide } from '../sides/our-side.ts';
import { throughputLines } from '../throughput-lines.ts';
import type { RunPart } from './part.ts';

// The first is as shipped; each other one differs by its environment alone.
const sides = [
  ourSide({ name: 'onsale, telemetry as shipped' }),
  ourSide({ id: 'onsale-untold', name: 'onsale, telemetry off', env: { OTEL_SDK_DISABLED: 'true' } }),
];

/** What watching costs: the same load with telemetry as shipped and without. */
export const telemetry: RunPart = async (bench) => {
  const { quick, seconds = quick ? 3 : 15, rounds } = bench.asked;
  const measured = await inTurns(sides, rounds, (side) =>
    measureThroughput(side, { ...bench, load: byAutocannon, seconds, warmSeconds: quick ? 1 : 4 }),
  );
  return [...measured].flatMap(([side, runs]) => throughputLines('telemetry', side, runs));
};
