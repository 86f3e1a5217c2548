import { waitUntil } from '../../infra/local/wait-until.ts';
import type { Check } from '../chaos/report.ts';
import { askMariadb } from '../support/ask-mariadb.ts';
import { startOwnRedis } from '../support/servers.ts';
import { startNames } from './balancer.ts';
import { ensureGalera, type GaleraNode, startGalera } from './galera-cluster.ts';
import { raceClaims } from './race-claims.ts';
import { type DrillOutcome, seconds } from './report.ts';
import { check, type DrillKit, migrated, startTrade, type Trade } from './trade.ts';

const frozenMs = 8_000;
const calmMs = 8_000;

interface World {
  readonly kit: DrillKit;
  readonly nodes: Nodes;
  readonly trade: Trade;
}

type Nodes = readonly [GaleraNode, GaleraNode, GaleraNode];

/**
 * Two projectors on two of three nodes: owners that are superseded, a node that is killed, and one that is
 * cut off.
 */
export const galeraDrill = async (kit: DrillKit): Promise<DrillOutcome> => {
  const { owned, say } = kit;
  ensureGalera(say);
  const redis = await owned.own(startOwnRedis(), (it) => it.remove());
  const nodes = parseNodes(await startGalera(owned));
  const [one, two, three] = nodes;
  const [first, second, watchers] = await startNames(owned, [
    [one, two, three],
    [two, three, one],
    [three, one, two],
  ]);
  if (!first || !second || !watchers) throw new Error('three names');
  await migrated(first.url);
  const raced = await raceClaims(one, two);
  say(`-- ${raced.told}`);
  const processes = { redisUrl: redis.url, apis: 1, projectors: 1 };
  const trade = await startTrade(kit, {
    urls: { redisUrl: redis.url, databaseUrl: watchers.url },
    groups: [
      { ...processes, databaseUrl: first.url },
      { ...processes, databaseUrl: second.url },
    ],
  });
  const world = { kit, nodes, trade };
  await calm(world);
  await supersede(world);
  await killNode(world);
  const cutOff = await cutOffNode(world);
  const outcome = await trade.end([raced.check, cutOff]);
  return { ...outcome, checks: [...outcome.checks, await sameEverywhere(nodes)] };
};

const parseNodes = ([one, two, three]: readonly GaleraNode[]): Nodes => {
  if (!one || !two || !three) throw new Error('three nodes');
  return [one, two, three];
};

/** Transactions that lost against one of another node: at certification, and before it. */
const conflictsOf = async (nodes: readonly GaleraNode[]): Promise<string> => {
  const sum = async (variable: string): Promise<number> => {
    const values = await Promise.all(nodes.map(({ status }) => status(variable).catch(() => '0')));
    return values.reduce((all, value) => all + Number(value), 0);
  };
  return `${await sum('wsrep_local_cert_failures')} certification failures, ${await sum('wsrep_local_bf_aborts')} transactions ended for one of another node, since the nodes were started`;
};

const calm = async ({ kit, nodes, trade }: World): Promise<void> => {
  await trade.step({
    what: `${seconds(calmMs)} of trade, partitions decided on two nodes`,
    act: async () => {
      await kit.pause(calmMs);
      return [await conflictsOf(nodes)];
    },
  });
};

/**
 * An owner is frozen beyond its lease on one node and superseded on the other: its batch in flight must not
 * be committed.
 */
const supersede = async ({ kit, nodes, trade }: World): Promise<void> => {
  await trade.step({
    what: `the projector on node one is frozen for ${seconds(frozenMs)}; the one on node two takes its partitions`,
    act: async (over) => {
      const [frozen] = trade.fleets[0]?.members('projector') ?? [];
      frozen?.signal('SIGSTOP');
      await kit.pause(frozenMs);
      frozen?.signal('SIGCONT');
      over();
      await kit.pause(frozenMs / 2);
      const fenced = frozen?.log.filter((line) => /fenced|lease lost/.test(line)).length ?? 0;
      return [`it said "fenced" or "lease lost" ${fenced} times`, await conflictsOf(nodes)];
    },
  });
};

const killNode = async ({ kit, nodes, trade }: World): Promise<void> => {
  const [one] = nodes;
  await trade.step({
    what: 'kill -9 of node one',
    act: async (over) => {
      await one.server.kill('SIGKILL');
      over();
      return [];
    },
  });
  const beganMs = performance.now();
  await one.rejoin();
  kit.say(`   node one is back in step ${seconds(performance.now() - beganMs)} after it was started again`);
};

const cutOffNode = async ({ kit, nodes, trade }: World): Promise<Check> => {
  const [, two, three] = nodes;
  let refusal = '';
  await trade.step({
    what: 'node two is cut off from the others, and still reached by its clients',
    act: async (over) => {
      await two.isolate(true);
      over();
      const isAlone = async (): Promise<boolean> => !(await two.isReady().catch(() => false));
      await waitUntil(isAlone, { limitMs: 30_000 });
      refusal = await askMariadb(two.server, 'INSERT INTO onsale.settings VALUES ("drill", "cut off")').then(
        () => 'written',
        (error: unknown) => String(error),
      );
      return [`a write there: ${refusal}`, `nodes together: ${await three.status('wsrep_cluster_size')}`];
    },
  });
  const beganMs = performance.now();
  await two.isolate(false);
  await waitUntil(two.isReady, { limitMs: 60_000 });
  kit.say(`   node two is back in step ${seconds(performance.now() - beganMs)} after it was reconnected`);
  return check('nothing is written on a node that is cut off', refusal === 'written' ? [refusal] : []);
};

const tables = 'journal, partitions, pools, reservations, holds, request_keys, shows';

/** Compares the contents of the tables. */
const sameEverywhere = async (nodes: readonly GaleraNode[]): Promise<Check> => {
  const names = tables.split(', ').map((name) => `onsale.${name}`);
  const sums = async (): Promise<readonly string[]> =>
    Promise.all(
      nodes.map(async ({ server }) =>
        JSON.stringify(await askMariadb(server, `CHECKSUM TABLE ${names.join(', ')}`)),
      ),
    );
  const areSame = async (): Promise<boolean> => new Set(await sums()).size === 1;
  const isSame = await waitUntil(areSame, { limitMs: 20_000, everyMs: 500 });
  return check('the tables are the same on all nodes', isSame ? [] : await sums());
};
