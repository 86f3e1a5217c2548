import { newRequestId, newShowId } from '../../src/command/new-id.ts';
import { partitionOf } from '../../src/domain/ids.ts';
import { type BrokenEntry, brokenEntries } from '../support/broken-entries.ts';
import type { Fault } from './plan.ts';
import type { World } from './world.ts';

/** Those that take long to make or to read are left to the tests of the codec. */
const isSmall = ({ what }: BrokenEntry): boolean =>
  !['ten thousand fields', 'a megabyte', 'JSON nested too deep'].includes(what);

const small = brokenEntries.filter(isSmall);

/** An entry that is no request, of whatever writes to this Redis as well. */
export const writeBroken = (world: World, { partition, nth }: Extract<Fault, { type: 'broken' }>): void => {
  const { settings, history, random, client } = world;
  const at = partition % settings.partitions;
  const options = { clock: client.clock, random: random.next };
  const show = history.shows.find((id) => partitionOf(id) === at) ?? newShowId(at, options);
  const entry = small[nth % small.length];
  const fields = entry?.fields({
    show,
    newId: () => newRequestId(at, options),
    newIdElsewhere: () => newRequestId(at + 1, options),
  });
  const send = async (): Promise<void> => {
    await world.foreignWire.ask(`broken entry: ${entry?.what}`, () => world.log.appendRaw(at, fields ?? []));
  };
  // Whether it arrives is nobody's concern but the server's.
  send().catch(() => undefined);
};
