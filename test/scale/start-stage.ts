import { ask, type RequestSetup } from '../chaos/ask.ts';
import { type Customers, startCustomers } from '../chaos/customers.ts';
import { type Fleet, startFleet } from '../chaos/fleet.ts';
import { type History, newHistory } from '../chaos/history.ts';
import type { Ownership } from '../chaos/owned.ts';
import { seededRandom } from '../chaos/seeded-random.ts';
import { type DecisionWatch, watchDecisions } from '../chaos/watch-decisions.ts';
import { makeDatabase, type ServerUrls, startMariadbBehindWire } from '../chaos/world.ts';
import { openRedis, type RedisClient } from '../support/open-redis.ts';
import { startOwnRedis } from '../support/servers.ts';

/** A small on-sale before the spike: servers, one API process, one projector, shows, a few customers. */
export interface Stage {
  readonly urls: ServerUrls;
  readonly redis: RedisClient;
  readonly fleet: Fleet;
  readonly watch: DecisionWatch;
  readonly history: History;
  /** One with room in each partition. */
  readonly roomy: readonly string[];
  /** The show that the crowd wants most; it sells out. */
  readonly hot: string;
  readonly customers: Customers;
}

const roomyPlaces = 10_000_000;
const hotPlaces = 2_000;
const workers = 12;
const holdSeconds = 6;
const holdingIn: readonly number[] = [1, 5];

export const startStage = async (owned: Ownership, partitions: number): Promise<Stage> => {
  const mariadb = await owned.own(startMariadbBehindWire(), (server) => server.remove());
  const server = await owned.own(startOwnRedis(), (own) => own.remove());
  const { direct } = await makeDatabase(mariadb);
  const urls = { redisUrl: server.url, databaseUrl: direct };
  const env = { ONSALE_PARTITIONS: String(partitions) };
  const fleet = await owned.own(startFleet({ ...urls, env, apis: 1, projectors: 1 }), (running) =>
    running.stop(),
  );
  const redis = await owned.own(openRedis(server.url), (client) => client.disconnect());
  const history = newHistory();
  const [api = ''] = fleet.apis();
  const asking = { api: () => api, history, random: seededRandom(1) };
  const roomy: string[] = [];
  for (let partition = 0; partition < partitions; partition += 1)
    roomy.push(await open(asking, partition, roomyPlaces));
  const hot = await open(asking, 0, hotPlaces);
  const holding = roomy.filter((_, partition) => holdingIn.includes(partition));
  const shops = { roomy, holding: holding.length > 0 ? holding : roomy, hot: () => hot };
  const watch = await owned.own(watchDecisions(direct), (watching) => watching.stop());
  const customers = await owned.own(startCustomers({ ...asking, shops, workers }), (served) => served.stop());
  return { urls, redis, fleet, watch, history, roomy, hot, customers };
};

const open = async (
  asking: Omit<RequestSetup, 'isStopped'>,
  partition: number,
  capacity: number,
): Promise<string> => {
  const hold = capacity === roomyPlaces && holdingIn.includes(partition) ? { holdSeconds } : {};
  const key = `show-${partition}-${capacity}`;
  const pools = [{ id: 'stalls', name: 'stalls', capacity }];
  const answered = await ask(
    {
      ...{ verb: 'open', customer: 'admin', showId: '', key, path: '/v1/shows' },
      body: { name: key, pools, partition, ...hold },
    },
    { ...asking, isStopped: () => false },
  );
  if (answered.end !== 'ok' || answered.id === undefined)
    throw new Error(`a show could not be opened in partition ${partition}: ${answered.result}`);
  return answered.id;
};
