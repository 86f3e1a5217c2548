import slotOf from 'cluster-key-slot';
import { keysOf } from '../../src/log/keys.ts';
import type { Check } from '../chaos/report.ts';
import { untilQuiet } from '../chaos/until-quiet.ts';
import { appendBacklog } from '../load/append-backlog.ts';
import { askNode, type OwnCluster, startOwnRedisCluster } from '../support/redis-cluster.ts';
import { type OwnServer, startOwnMariadb } from '../support/servers.ts';
import { slotMove } from '../support/slot-move.ts';
import { listenForSilence } from './longest-silence.ts';
import { redisCli } from './redis-cli.ts';
import { type DrillOutcome, seconds } from './report.ts';
import { check, type DrillKit, migrated, startTrade, type Trade } from './trade.ts';
import { within } from './within.ts';

/**
 * Its slot is among the first of its master. redis-cli begins with the lowest slots, so it reaches this one
 * soon.
 */
const partition = 2;
const slotsMoved = 200;
const streamEntries = 100_000;
const openMs = 15_000;

interface World {
  readonly kit: DrillKit;
  readonly cluster: OwnCluster;
  readonly trade: Trade;
}

const { requests } = keysOf(partition);
const slot = slotOf(String(partition));

/**
 * A slot with a large stream is moved under load: by redis-cli, with too short a time-out, and begun and
 * cancelled.
 */
export const clusterDrill = async (kit: DrillKit): Promise<DrillOutcome> => {
  const { owned, say } = kit;
  const [cluster, mariadb] = await Promise.all([
    owned.own(startOwnRedisCluster({ settings: { 'cluster-node-timeout': '5000' } }), (it) => it.remove()),
    owned.own(startOwnMariadb(), (it) => it.remove()),
  ]);
  await migrated(mariadb.url);
  const urls = { redisUrl: cluster.url, databaseUrl: mariadb.url };
  const trade = await startTrade(kit, {
    urls,
    groups: [{ ...urls, apis: 1, projectors: 2 }],
    env: {
      ONSALE_DURABILITY: 'replicated',
      ONSALE_ACCEPT_RISK: 'min-replicas-to-write',
      ONSALE_BACKLOG_WAIT_SECONDS_MAX: '86400',
    },
  });
  const world = { kit, cluster, trade };
  say(`-- ${streamEntries} requests come to partition ${partition}, slot ${slot}, and are decided`);
  const { port } = await cluster.masterOf(requests);
  const showId = trade.shows[partition] ?? '';
  await appendBacklog({
    redisUrl: `redis://127.0.0.1:${port}`,
    showId,
    customer: 'crowd',
    entries: streamEntries,
  });
  await untilQuiet(urls);
  await untilQuiet(urls);
  const checks = [
    ...(await moveByRedisCli(world)),
    ...(await moveImpatiently(world)),
    ...(await beginAndGiveUp(world)),
  ];
  return trade.end(checks);
};

const idOf = async (node: OwnServer): Promise<string> => String(await askNode(node, 'cluster', 'myid'));

/** The master that has the slot, and one that has not. */
const fromAndTo = async ({ cluster }: World): Promise<readonly [OwnServer, OwnServer]> => {
  const from = await cluster.masterOf(requests);
  for (const other of [0, 2, 3, 4, 6]) {
    const to = await cluster.masterOf(keysOf(other).requests);
    if (to.port !== from.port) return [from, to];
  }
  throw new Error('all partitions are on one master');
};

/** The command of an operator. */
const moveByRedisCli = async (world: World): Promise<readonly Check[]> => {
  const { trade } = world;
  const [from, to] = await fromAndTo(world);
  const size = await sizeOf(from);
  const { recoveredMs } = await trade.step({
    what: `redis-cli --cluster reshard, ${slotsMoved} slots, one with a stream of ${size}`,
    partition,
    act: async (over) => {
      const silences = [from, to].map(listenForSilence);
      const beganMs = performance.now();
      const at = `127.0.0.1:${from.port}`;
      const ids = ['--cluster-from', await idOf(from), '--cluster-to', await idOf(to)];
      await redisCli(
        '--cluster',
        'reshard',
        at,
        ...ids,
        '--cluster-slots',
        String(slotsMoved),
        '--cluster-yes',
      );
      over();
      const tookMs = performance.now() - beganMs;
      const [fromMs = 0, toMs = 0] = silences.map((silence) => silence.longestMs());
      for (const silence of silences) await silence.stop();
      return [
        `moved in ${seconds(tookMs)}; the old master answered nothing for ${seconds(fromMs)}, the new one for ${seconds(toMs)}`,
      ];
    },
  });
  const isMoved = (await world.cluster.masterOf(requests)).port === to.port;
  return [
    check('the stream is on the new master', isMoved ? [] : ['it is not']),
    within(recoveredMs, 'the end of the move'),
  ];
};

const sizeOf = async (node: OwnServer): Promise<string> => {
  const entries = Number(await askNode(node, 'xlen', requests));
  const bytes = Number(await askNode(node, 'memory', 'usage', requests, 'samples', 0));
  return `${entries} entries, ${Math.round(bytes / 1_000_000)} MB`;
};

const migrateFor = (from: OwnServer, to: OwnServer, timeoutMs: number): Promise<string> =>
  answerOf(askNode(from, 'migrate', '127.0.0.1', to.port, requests, 0, timeoutMs));

const answerOf = (asked: Promise<unknown>): Promise<string> =>
  asked.then(
    (reply) => String(reply),
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );

/**
 * The large key is not transferred within the time-out: the old master keeps it, and the new one may have a
 * copy.
 */
const moveImpatiently = async (world: World): Promise<readonly Check[]> => {
  const { trade } = world;
  const [from, to] = await fromAndTo(world);
  const move = await slotMove(slot, from, to);
  let early = '';
  const { recoveredMs } = await trade.step({
    what: 'the same slot moved back by hand, with a time limit of 10 ms, then with one of 60 s and REPLACE',
    partition,
    act: async (over) => {
      await move.begin();
      const first = await migrateFor(from, to, 10);
      early = await answerOf(askNode(from, 'cluster', 'setslot', slot, 'node', await idOf(to)));
      const beganMs = performance.now();
      await move.moveKeys();
      const tookMs = performance.now() - beganMs;
      await move.finish();
      over();
      return [`first: ${first}`, `the slot given away then: ${early}`, `second: moved in ${seconds(tookMs)}`];
    },
  });
  return [
    check('a slot is not given away while keys of it are left', early === 'OK' ? [early] : []),
    within(recoveredMs, 'the end of the move'),
  ];
};

/**
 * redis-cli was interrupted or never made progress, for longer than an owner without progress keeps its
 * partition.
 */
const beginAndGiveUp = async (world: World): Promise<readonly Check[]> => {
  const { trade, kit } = world;
  const move = await slotMove(slot, ...(await fromAndTo(world)));
  const { recoveredMs } = await trade.step({
    what: `a move that is begun and given up after ${seconds(openMs)}`,
    partition,
    act: async (over) => {
      await move.begin();
      await kit.pause(openMs);
      await move.giveUp();
      over();
      return [];
    },
  });
  return [within(recoveredMs, 'its end')];
};
