import { keptText } from '../kept.ts';
import { commonOf } from '../lines.ts';
import type { Measurement } from '../measured.ts';
import { ourSide } from '../sides/our-side.ts';
import { placesOffered, watchPromises } from '../watch-promises.ts';
import { chosenPeers } from './chosen-peers.ts';
import type { RunPart } from './part.ts';

/** Checks each side's promises: sold out once, and killed once. */
export const promises: RunPart = async (bench) => {
  const { asked, say, isLate, found } = bench;
  const lines: Measurement[] = [];
  for (const side of [ourSide(), ...chosenPeers(asked)]) {
    if (isLate()) break;
    const { kept, sold } = await watchPromises(side, bench);
    found.kept.set(side.id, kept);
    say(`${side.name}: ${keptText(kept)}`);
    lines.push({
      ...commonOf('promises', side),
      figure: 'sold',
      unit: `of ${placesOffered}`,
      values: [sold],
    });
  }
  // The same code, but its requests are counted and timed.
  const ceiling = found.kept.get('stream-ceiling');
  if (ceiling) found.kept.set('stream-ceiling-observed', ceiling);
  return lines;
};
