import { setTimeout as delay } from 'node:timers/promises';
import { ask, type RequestSetup } from './ask.ts';
import type { Shops } from './customers.ts';
import { partitions } from './world.ts';

const roomyPlaces = 10_000_000;
const hotPlaces = 150;
const hotEveryMs = 8_000;
const holdSeconds = 6;
/** Partitions whose shows have their places held before they are confirmed. */
const holdingIn: readonly number[] = [1, 5];

export interface OpenShops extends Shops {
  readonly stop: () => Promise<void>;
}

/** Opens the shows: a large one in each partition, and repeatedly a small hot one. */
export const openShops = async (asking: Omit<RequestSetup, 'isStopped'>): Promise<OpenShops> => {
  const stopping = new AbortController();
  const toOpen = { ...asking, isStopped: () => stopping.signal.aborted };
  let opened = 0;
  const open = async (partition: number, capacity: number): Promise<string | undefined> => {
    opened += 1;
    const hold = capacity === roomyPlaces && holdingIn.includes(partition) ? { holdSeconds } : {};
    const pools = [{ id: 'stalls', name: 'stalls', capacity }];
    const answered = await ask(
      {
        verb: 'open',
        customer: 'admin',
        showId: '',
        key: `show-${opened}`,
        path: '/v1/shows',
        body: { name: `Show ${opened}`, pools, partition, ...hold },
      },
      toOpen,
    );
    return answered.end === 'ok' ? answered.id : undefined;
  };
  const roomy: string[] = [];
  for (let partition = 0; partition < partitions; partition += 1)
    roomy.push(mustBeOpen(await open(partition, roomyPlaces)));
  let hot = mustBeOpen(await open(0, hotPlaces));

  const openOn = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await delay(hotEveryMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (!stopping.signal.aborted) hot = (await open(opened % partitions, hotPlaces)) ?? hot;
    }
  };
  const opening = openOn();
  return {
    roomy,
    holding: roomy.filter((_, partition) => holdingIn.includes(partition)),
    hot: () => hot,
    stop: async () => {
      stopping.abort();
      await opening;
    },
  };
};

const mustBeOpen = (id: string | undefined): string => {
  if (id === undefined) throw new Error('a show could not be opened');
  return id;
};
