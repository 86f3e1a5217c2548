import type { RequestId } from '../../src/domain/ids.ts';
import { requestIdOf } from '../../src/domain/requests.ts';
import { msOf } from '../../src/domain/stream-id.ts';
import type { Api } from './api.ts';
import { writeBroken } from './carry-out-rarely.ts';
import type { Host } from './host.ts';
import type { Machine } from './machine.ts';
import type { Fault } from './plan.ts';
import { progressOf } from './progress.ts';
import type { Projector } from './projector.ts';
import { calm } from './weather.ts';
import type { World } from './world.ts';

/** Snapshots of the servers, for a later fail-over or restore to return to. */
export interface Memories {
  redis?: {
    readonly log: ReturnType<World['log']['snapshot']>;
    readonly leases: ReturnType<World['leases']['snapshot']>;
  };
  mysql?: ReturnType<World['database']['snapshot']>;
}

/** Starts a fault and schedules its end. */
export const carryOut = (world: World, memories: Memories, fault: Fault): void => {
  world.note(`fault ${JSON.stringify(fault)}`);
  switch (fault.type) {
    case 'crash-projector':
      return crash(world, nthAlive(world.projectors, fault.nth), fault.forMs, world.join);
    case 'crash-api':
      return crash(world, nthAlive(world.apis, fault.nth), fault.forMs, world.startApi);
    case 'freeze-projector':
      return nthAlive(world.projectors, fault.nth)?.machine.freeze(fault.forMs);
    case 'freeze-api':
      return nthAlive(world.apis, fault.nth)?.machine.freeze(fault.forMs);
    case 'join':
      return world.join();
    case 'leave':
      return leave(world, nthAlive(world.projectors, fault.nth));
    case 'cut-off':
      return cutOff(world, fault);
    case 'clock':
      return machines(world)[fault.nth % machines(world).length]?.setClock(fault.aheadMs);
    case 'forget-lease':
      return world.leases.forget(fault.partition);
    case 'broken':
      return writeBroken(world, fault);
    case 'upgrade':
      return world.log.upgrade();
    default:
      return carryOutOnServer(world, memories, fault);
  }
};

type ServerFault = Extract<
  Fault,
  {
    type:
      | 'down'
      | 'weather'
      | 'remember'
      | 'fail-over'
      | 'lose-all'
      | 'restore-mysql'
      | 'redis-clock'
      | 'out-of-memory'
      | 'promote'
      | 'cut-replica';
  }
>;

const carryOutOnServer = (world: World, memories: Memories, fault: ServerFault): void => {
  switch (fault.type) {
    case 'down':
      return standStill(world, world[fault.server], fault.forMs);
    case 'weather': {
      const host = world[fault.server];
      host.weather = fault.weather;
      world.scheduler.after(fault.forMs, () => {
        host.weather = calm;
      });
      return;
    }
    case 'remember':
      return remember(world, memories, fault.server);
    case 'fail-over':
      return goBack(world, world.redis, fault.forMs, () => failOver(world, memories, fault.clockMs));
    case 'promote':
      return promote(world, fault);
    case 'cut-replica':
      return world.replica.cut(fault.forMs);
    case 'lose-all':
      return goBack(world, world.redis, fault.forMs, () => loseAll(world, fault.clockMs));
    case 'restore-mysql':
      return goBack(world, world.mysql, fault.forMs, () => restore(world, memories));
    case 'redis-clock':
      return setRedisClock(world, fault.aheadMs);
    case 'out-of-memory':
      world.log.refuseWrites('OOM command not allowed');
      world.scheduler.after(fault.forMs, () => world.log.refuseWrites(undefined));
  }
};

/** A supervisor starts another process soon. */
const crash = (
  world: World,
  process: Projector | Api | undefined,
  forMs: number,
  start: () => void,
): void => {
  if (!process) return;
  process.machine.crash();
  world.scheduler.after(forMs, start);
};

const leave = (world: World, projector: Projector | undefined): void => {
  if (!projector || alive(world.projectors).length < 2) return;
  void projector.competitor.stop().then(() => projector.machine.crash());
};

const cutOff = (world: World, { server, nth, forMs }: Extract<Fault, { type: 'cut-off' }>): void => {
  const all = machines(world);
  const machine = all[nth % all.length];
  if (machine) world[server].cutOff(machine, forMs);
};

const standStill = ({ scheduler, mysql, database }: World, host: Host, forMs: number): void => {
  host.goDown();
  if (host === mysql) database.restart();
  scheduler.after(forMs, host.comeUp);
};

const remember = ({ log, leases, database }: World, memories: Memories, server: 'redis' | 'mysql'): void => {
  if (server === 'redis') memories.redis = { log: log.snapshot(), leases: leases.snapshot() };
  else memories.mysql = database.snapshot();
};

/**
 * Requests whose only trace is lost when a server goes back are excused: no code of ours can recover them.
 */
const goBack = (world: World, host: Host, forMs: number, change: () => void): void => {
  standStill(world, host, forMs);
  const before = world.traces();
  change();
  const after = world.traces();
  world.history.excuse([...before].filter((id) => !after.has(id)));
};

const setRedisClock = ({ redisPast, scheduler }: World, byMs: number): void => {
  redisPast.aheadMs += byMs;
  redisPast.setAtMs = scheduler.nowMs();
  if (byMs < 0) redisPast.clockWentBack = true;
};

const failOver = (world: World, { redis }: Memories, clockMs: number): void => {
  if (!redis) return;
  world.log.restore(redis.log);
  world.leases.restore(redis.leases);
  world.replica.replace();
  setRedisClock(world, clockMs);
  world.redisPast.wentBack = true;
};

/**
 * The replica has everything that a client was told is on the stream, so nothing is excused. A client may have been told a
 * decision before the replica had its request: if the tables went back behind that decision, both traces are gone.
 */
const promote = (world: World, { clockMs, forMs }: Extract<Fault, { type: 'promote' }>): void => {
  const change = (): void => failOver(world, { redis: world.replica.data() }, clockMs);
  const didTablesGoBack = world.history.era() > 1;
  if (didTablesGoBack) return goBack(world, world.redis, forMs, change);
  standStill(world, world.redis, forMs);
  change();
};

const loseAll = (world: World, clockMs: number): void => {
  const { log, leases, redisPast, settings } = world;
  log.loseAll();
  for (let partition = 0; partition < settings.partitions; partition += 1) leases.forget(partition);
  world.replica.replace();
  setRedisClock(world, clockMs);
  redisPast.wentBack = true;
};

/**
 * Follows docs/operating/restore-from-backup.md: if Redis went back as well, the whole streams are read
 * again.
 */
const restore = (world: World, { mysql }: Memories): void => {
  if (!mysql) return;
  const { database, history, settings, log, redisPast } = world;
  history.excuse(overdue(world));
  const partitions = Array.from({ length: settings.partitions }, (_, partition) => partition);
  history.forgetWhatWasTold(Math.max(...partitions.map((each) => progressOf(database.tables, each).clockMs)));
  database.restore(mysql);
  if (redisPast.wentBack) for (const partition of partitions) log.dropGroup(partition);
};

/**
 * Requests that a trim may still remove. The runbook stops all owners first. Here they stay alive, and a trim
 * that one of them has already sent may still remove what is past its retention by Redis' clock, which may
 * have jumped.
 */
const overdue = ({ log, settings, redisMs }: World): readonly RequestId[] => {
  const untilMs = redisMs() - settings.retentionMs;
  return Array.from({ length: settings.partitions }, (_, partition) => log.entries(partition))
    .flat()
    .flatMap(({ streamId, content }) =>
      content.type === 'request' && msOf(streamId) < untilMs ? requestIdOf(content.request) : [],
    );
};

const alive = <Process extends { readonly machine: Machine }>(
  processes: readonly Process[],
): readonly Process[] => processes.filter(({ machine }) => !machine.isDead());

const nthAlive = <Process extends { readonly machine: Machine }>(
  processes: readonly Process[],
  nth: number,
): Process | undefined => {
  const living = alive(processes);
  return living[nth % Math.max(1, living.length)];
};

const machines = ({ projectors, apis }: World): readonly Machine[] =>
  [...alive(projectors), ...alive(apis)].map(({ machine }) => machine);
