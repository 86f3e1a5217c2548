import { waitUntil } from '../../infra/local/wait-until.ts';
import { untilDecided } from '../support/partitions.ts';
import type { OwnServer } from '../support/servers.ts';
import { aheadOfTime } from './ahead-of-time.ts';
import { type Fault, type FaultReport, nothingSeen, seen, type Victims } from './faults.ts';
import { withRedis } from './redis-pair.ts';

const restarted = async (server: OwnServer) => {
  await server.stop();
  await server.restart();
  return nothingSeen;
};

const killed = async (server: OwnServer) => {
  await server.kill('SIGKILL');
  await server.restart();
  return nothingSeen;
};

export const restartRedis: Fault = (_, { redis }) => restarted(redis.master());
export const killRedis: Fault = (_, { redis }) => killed(redis.master());
export const restartMariadb: Fault = (_, { mariadb }) => restarted(mariadb.primary());
export const killMariadb: Fault = (_, { mariadb }) => killed(mariadb.primary());

const counted = ({ history }: Victims, label: string): number => history.counts.get(label) ?? 0;

/** Commands must still be accepted: the log buffers them. */
export const stopMariadb: Fault = async ({ forMs }, victims) => {
  const server = victims.mariadb.primary();
  await server.stop();
  try {
    const before = counted(victims, 'reserve: 202');
    await victims.pause(forMs);
    const accepted = counted(victims, 'reserve: 202') - before;
    return seen(`${accepted} accepted (202) while MariaDB was away`, accepted > 0 ? 'holds' : 'broken');
  } finally {
    await server.restart();
  }
};

/** Appends must be refused, while entries on the streams must still be decided. */
export const fillRedis: Fault = async ({ forMs }, victims) => {
  const master = victims.redis.master();
  const limitMemory = (bytes: string): Promise<unknown> =>
    withRedis(master, (redis) => redis.config('SET', 'maxmemory', bytes));
  await limitMemory('1000000');
  const fullMs = performance.now();
  try {
    const before = counted(victims, 'reserve: 503 overloaded');
    await victims.pause(forMs);
    const refused = counted(victims, 'reserve: 503 overloaded') - before;
    const accepted = victims.history.acceptedSince(fullMs).length;
    const isDrained = await untilDecided(victims.urls()).then(
      () => true,
      () => false,
    );
    const what = `${refused} refused (503), ${accepted} accepted, ${isDrained ? 'all' : 'not all'} decided with the memory full`;
    return seen(what, refused > 0 && accepted === 0 && isDrained ? 'holds' : 'broken');
  } finally {
    await limitMemory('0');
  }
};

const unreplicatedMs = 1_500;
const clockAheadMs = 2_000;

/**
 * The replica lags, the clock of the master runs ahead, and then the master dies: what only the master had is
 * lost. None of that may have been answered with 202. New entries, whose ids are lower than those already
 * decided, must be decided.
 */
export const failOverRedis: Fault = async (_, victims) => {
  const { redis, history } = victims;
  await redis.untilInStep();
  redis.holdReplication();
  const heldMs = performance.now();
  await aheadOfTime(redis.master(), clockAheadMs);
  await victims.pause(unreplicatedMs);
  // A published decision is in the tables already, whatever happens to the entry.
  const queued = history.acceptedSince(heldMs).filter(({ told }) => told === undefined).length;
  await redis.failOver();
  await redis.follow();
  return seen(`${queued} accepted (202) while the replica did not hear`, queued === 0 ? 'holds' : 'broken');
};

const acceptedAgainMs = 5_000;

/**
 * The planned fail-over of a hosted Redis: the old master is demoted and stays up, with our connections to
 * it. Our processes must move to the new one by themselves; everything answered is on both.
 */
export const changeSidesOfRedis: Fault = async (_, victims) => {
  const { redis, history } = victims;
  await redis.changeSides();
  const changedMs = performance.now();
  await redis.rejoin();
  const accepted = () => history.acceptedSince(changedMs).map(({ acceptedAtMs = changedMs }) => acceptedAtMs);
  await waitUntil(() => accepted().length > 0, { limitMs: acceptedAgainMs });
  const afterMs = Math.round(Math.min(...accepted()) - changedMs);
  return seen(
    `accepted again ${afterMs} ms after the change of sides`,
    afterMs <= acceptedAgainMs ? 'holds' : 'broken',
  );
};

const decidedAgainMs = 5_000;

/** Whether decisions continue from now on, or already did during `meanwhile`. */
const decidesAgain = async ({ watch }: Victims, meanwhile: () => Promise<void>): Promise<FaultReport> => {
  const changedMs = performance.now();
  await meanwhile();
  const first = (): number | undefined => watch.decidedAtMs.find((atMs) => atMs > changedMs);
  await waitUntil(() => first() !== undefined, { limitMs: decidedAgainMs });
  const afterMs = Math.round((first() ?? Number.POSITIVE_INFINITY) - changedMs);
  return seen(
    `decided again ${afterMs} ms after the change of sides`,
    afterMs <= decidedAgainMs ? 'holds' : 'broken',
  );
};

/**
 * The planned fail-over of a hosted MySQL: the old primary becomes read-only and stays up, with our
 * connections to it, and nothing is cut. Our processes must move to the new one by themselves.
 */
export const changeSidesOfMariadb: Fault = async (_, victims) => {
  const { mariadb } = victims;
  await mariadb.untilInStep();
  await mariadb.changeSides({ isFollowed: false });
  return await decidesAgain(victims, mariadb.rejoin);
};

/**
 * The primary dies under load, and the replica, which has every commit that became visible, takes its place.
 */
export const failOverMariadb: Fault = async (_, victims) => {
  const { mariadb } = victims;
  await mariadb.failOver();
  return await decidesAgain(victims, mariadb.rejoin);
};
