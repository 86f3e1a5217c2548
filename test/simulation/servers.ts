import { type SessionUse, sessionLimits } from '../../src/store/database/session-limits.ts';
import type { WireOptions } from './faulty-wire.ts';
import { type Host, newHost } from './host.ts';
import { beginningMs, newMachine } from './machine.ts';
import { type MemoryDatabase, newMemoryDatabase, type ObservedCommit } from './memory-database.ts';
import { type MemoryLeaseServer, newMemoryLeaseServer } from './memory-leases.ts';
import { type MemoryLogServer, newMemoryLogServer } from './memory-log.ts';
import type { FaultOf } from './memory-store/fault.ts';
import type { Settings } from './plan.ts';
import { newReplica, type Replica } from './replica.ts';
import type { Scheduler } from './scheduler.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { Trace } from './trace.ts';

/** The two servers: their machines and their data. Leases are in Redis too. */
export interface Servers {
  readonly redis: Host;
  readonly mysql: Host;
  readonly leases: MemoryLeaseServer;
  readonly log: MemoryLogServer;
  readonly database: MemoryDatabase;
  /**
   * How far Redis' clock is ahead and since when (a server that takes over has another clock), and whether
   * the server or its clock ever went back.
   */
  readonly redisPast: RedisPast;
  readonly replica: Replica;
  /** Redis' clock. */
  readonly redisMs: () => number;
  /** Commits that the database accepted although they were out of turn. */
  readonly unfenced: readonly string[];
}

export interface RedisPast {
  aheadMs: number;
  setAtMs: number | undefined;
  wentBack: boolean;
  clockWentBack: boolean;
}

export interface ServersOptions {
  readonly settings: Settings;
  readonly scheduler: Scheduler;
  readonly random: SeededRandom;
  readonly trace: Trace;
}

/** Same value as in src/log/connection/connect.ts. */
const redisAnswerMs = 2_000;

export const redisWire: WireOptions = {
  timeoutMs: redisAnswerMs,
  error: () => new Error('ERR not now'),
};

export const mysqlWire = (use: SessionUse): WireOptions => ({ timeoutMs: sessionLimits(use).queryMs });

export const newServers = (options: ServersOptions): Servers => {
  const { scheduler, settings, random } = options;
  const redisPast: RedisPast = {
    aheadMs: 0,
    setAtMs: undefined,
    wentBack: false,
    clockWentBack: false,
  };
  const redisMs = (): number => Math.floor(beginningMs + scheduler.nowMs() + redisPast.aheadMs);
  const { partitions, leaseTtlMs: ttlMs } = settings;
  // Servers neither freeze nor crash by themselves; faults act on their hosts.
  const { clock } = newMachine('servers', scheduler);
  const leases = newMemoryLeaseServer({ clock, nowMs: redisMs, partitions, ttlMs });
  const mysql = newHost({ ...options, name: 'mysql', random: random.fork('mysql') });
  const unfenced: string[] = [];
  const log = newMemoryLogServer({
    nowMs: redisMs,
    partitions,
    holder: leases.token,
    replicate: () => replica.wait(),
  });
  const snapshot = () => ({ log: log.snapshot(), leases: leases.snapshot() });
  const replica = newReplica({ scheduler, random: random.fork('replica'), snapshot });
  return {
    redis: newHost({ ...options, name: 'redis', random: random.fork('redis') }),
    mysql,
    leases,
    log,
    replica,
    database: newMemoryDatabase({
      clock,
      faultOf: faults(mysql, random.fork('faults')),
      onCommit: (commit) => unfenced.push(...outOfTurn(commit)),
    }),
    redisPast,
    redisMs,
    unfenced,
  };
};

const faults =
  (host: Host, random: SeededRandom): FaultOf =>
  () =>
    random.chance(host.weather.refused)
      ? random.pick(['deadlock', 'lock-wait', 'connection-lost', 'disk-full'])
      : undefined;

/**
 * What must never happen at a commit: its claim is not the current one, or it does not follow the last
 * position.
 */
const outOfTurn = ({
  batch: { claim, before },
  current,
  positionBefore,
}: ObservedCommit): readonly string[] => {
  const where = `partition ${claim.partition} at ${before.position}`;
  const isCurrent = claim.epoch === current.epoch && claim.token === current.token;
  return [
    ...(isCurrent ? [] : [`${where}: epoch ${claim.epoch}, current ${current.epoch}`]),
    ...(before.position === positionBefore ? [] : [`${where}: the last position was ${positionBefore}`]),
  ];
};
