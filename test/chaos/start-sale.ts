import type { Random } from '../../src/domain/ports.ts';
import { startCustomers } from './customers.ts';
import type { Fleet } from './fleet.ts';
import { type History, newHistory } from './history.ts';
import { openShops } from './open-shops.ts';
import type { Ownership } from './owned.ts';
import { type FeedWalk, walkFeed } from './walk-feed.ts';
import { type DecisionWatch, watchDecisions } from './watch-decisions.ts';
import { type Mariadb, makeDatabase, type ProcessesOptions, startProcesses } from './world.ts';

export interface DrillOptions {
  readonly seed: number;
  /** Duration of the main part; by default each kind of fault occurs once. */
  readonly minutes: number | undefined;
  readonly mariadb: Mariadb;
  /** Registers resources that must be released when the part ends, however it ends. */
  readonly owned: Ownership;
  readonly random: Random;
  /** Resolves after `ms`; rejects when the drill is interrupted. */
  readonly pause: (ms: number) => Promise<void>;
  readonly say: (line: string) => void;
}

export interface SaleOptions
  extends Pick<ProcessesOptions, 'redisUrl' | 'apis' | 'projectors' | 'durability' | 'acceptRisk'> {
  /** `keyed`: every request has a key and finds room, so that all of them can be repeated and sold. */
  readonly crowd: 'any' | 'keyed';
}

/** Customers who buy from processes that this part started. */
export interface Sale {
  readonly fleet: Fleet;
  readonly history: History;
  /** One with room in each partition. */
  readonly shows: readonly string[];
  readonly watch: DecisionWatch;
  readonly walk: FeedWalk;
  /** The database's own address, past all proxies. */
  readonly databaseUrl: string;
  /** Stops new customers; resolves when the last one has its answer. */
  readonly close: () => Promise<void>;
}

export const startSale = async (
  { mariadb, owned, random }: DrillOptions,
  { crowd, ...processes }: SaleOptions,
): Promise<Sale> => {
  const database = await makeDatabase(mariadb);
  const fleet = await owned.own(
    startProcesses({ ...processes, databaseUrl: database.behindWire }),
    (running) => running.stop(),
  );
  const history = newHistory();
  const api = (): string => {
    const urls = fleet.apis();
    return urls[Math.floor(random() * urls.length)] ?? '';
  };
  const walk = await owned.own(walkFeed(api), (walking) => walking.stop());
  const asking = { api, history, random };
  const shops = await owned.own(openShops(asking), (open) => open.stop());
  const wanted = crowd === 'any' ? shops : { ...shops, hot: () => shops.roomy[0] ?? '' };
  const watch = await owned.own(watchDecisions(database.direct), (watching) => watching.stop());
  const customers = await owned.own(
    startCustomers({ ...asking, shops: wanted, ...(crowd === 'keyed' && { keyedOnly: true }) }),
    (served) => served.stop(),
  );
  return {
    fleet,
    history,
    shows: shops.roomy,
    watch,
    walk,
    databaseUrl: database.direct,
    close: async () => {
      await Promise.all([customers.stop(), shops.stop()]);
    },
  };
};
