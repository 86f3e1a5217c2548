import type { Trial } from '../against/trial.ts';
import { inTurns } from '../in-turns.ts';
import { byAutocannon } from '../loaders.ts';
import { measureThroughput, outcomeOf, type Throughput, warmSecondsOf } from '../measure-throughput.ts';
import { ourSide } from '../sides/our-side.ts';
import { peerSide } from '../sides/peer-side.ts';
import type { Side } from '../sides/side.ts';
import { median } from '../statistics.ts';
import { throughputLines } from '../throughput-lines.ts';
import { chosenPeers } from './chosen-peers.ts';
import type { Bench, RunPart } from './part.ts';

/**
 * Accepted and committed requests per second, compared with what people use: one hot show, 100 busy
 * connections.
 */
export const throughput: RunPart = async (bench) => {
  const { quick, rounds } = bench.asked;
  const ours = ourSide();
  const { peers } = bench.asked;
  const observed = quick || peers ? [] : [peerSide('stream-ceiling-observed')];
  const measured = await inTurns([ours, ...chosenPeers(bench.asked), ...observed], rounds, (side) =>
    hotShow(side, bench),
  );
  bench.found.committedPerSecond = median(
    (measured.get(ours) ?? []).map(({ committedPerSecond }) => committedPerSecond),
  );
  return [...measured].flatMap(([side, runs]) => throughputLines('throughput', side, runs));
};

const hotShow = (side: Side, bench: Bench): Promise<Throughput> => {
  const { quick, seconds = quick ? 3 : 20 } = bench.asked;
  return measureThroughput(side, {
    ...bench,
    load: byAutocannon,
    seconds,
    warmSeconds: warmSecondsOf(bench),
  });
};

export const throughputTrials: readonly Trial[] = [
  {
    name: 'hot show',
    play: async (build, bench) => {
      const throughput = await hotShow(ourSide({ build }), bench);
      bench.found.committedPerSecond = throughput.committedPerSecond;
      return outcomeOf(throughput);
    },
  },
];
