import { waitUntil } from '../../../infra/local/wait-until.ts';
import { newSlotMap, type SlotMap, type SlotMapOptions } from '../../../src/log/cluster/slot-map.ts';
import type { ClusterView } from '../../../src/log/cluster/slots.ts';
import { newAddress } from '../../../src/log/connection/redis-url.ts';
import { assert, suite } from '../../support/suite.ts';

const test = suite('the map of slots');

const viewOf = (name: string, epoch: number): ClusterView => {
  const address = newAddress(name, 1);
  return { masters: [{ address, epoch, slots: [[0, 16_383]] }], addresses: [address], moving: [] };
};

const maps: SlotMap[] = [];
const mapOf = (options: Partial<SlotMapOptions>): SlotMap => {
  const map = newSlotMap(viewOf('first', 1), {
    askNodes: async () => [],
    onRefreshed: () => undefined,
    isTroubled: () => false,
    ...options,
  });
  maps.push(map);
  return map;
};
test.after.each(() => {
  for (const map of maps.splice(0)) map.stop();
});

/** The limit is below the interval of the regular refresh. */
const until = (condition: () => boolean) => waitUntil(condition, { limitMs: 4_000, everyMs: 5 });

test('a doubt is looked into soon, and a thousand doubts at once', async () => {
  let looks = 0;
  const map = mapOf({
    askNodes: async () => {
      looks += 1;
      return [viewOf('second', 2)];
    },
  });
  for (let n = 0; n < 1_000; n++) map.refreshSoon();
  assert.is(map.ownerOf('key'), 'first:1');
  assert.ok(await until(() => map.ownerOf('key') === 'second:1'));
  assert.is(looks, 1);
});

test('a doubt that comes during a look is looked into after it', async () => {
  const answers = [viewOf('stale', 1), viewOf('second', 2)];
  const map = mapOf({
    askNodes: async () => {
      const answer = answers.shift();
      if (answers.length === 1) map.refreshSoon();
      return answer ? [answer] : [];
    },
  });
  map.refreshSoon();
  assert.ok(await until(() => map.ownerOf('key') === 'second:1'));
});

test('when nobody answers the map stays, and while a master is away it is looked at often', async () => {
  let looks = 0;
  const map = mapOf({
    askNodes: async () => {
      looks += 1;
      throw new Error('nobody');
    },
    isTroubled: () => true,
  });
  map.refreshSoon();
  assert.ok(await until(() => looks >= 3));
  assert.is(map.ownerOf('key'), 'first:1');
});

test('whoever keeps connections is told of the masters, and whether they are others', async () => {
  const told: string[] = [];
  const map = mapOf({
    askNodes: async () => [viewOf('second', 2)],
    onRefreshed: (masters, change) => told.push(`${change} ${[...masters]}`),
  });
  map.refreshSoon();
  assert.ok(await until(() => told.length === 1));
  map.refreshSoon();
  assert.ok(await until(() => told.length === 2));
  assert.equal(told, ['changed second:1', 'same second:1']);
});

test('a slot that is on its way is looked at often, and whoever keeps connections is told that it has come to rest', async () => {
  const told: string[] = [];
  const onItsWay = { ...viewOf('first', 1), moving: [93] };
  const answers = [onItsWay, onItsWay];
  const map = mapOf({
    askNodes: async () => [answers.shift() ?? viewOf('first', 1)],
    onRefreshed: (_, change) => told.push(change),
  });
  map.refreshSoon();
  assert.ok(await until(() => told.length === 3), `${told}`);
  assert.equal(told, ['same', 'same', 'settled']);
});
