import { type SessionUse, sessionLimits } from '../../src/store/database/session-limits.ts';
import type { WireOptions } from './faulty-wire.ts';
import { type Host, newHost } from './host.ts';
import { beginningMs, newMachine } from './machine.ts';
import { type MemoryDatabase, newMemoryDatabase, type ObservedCommit } from './memory-database.ts';
import { type MemoryLeaseServer, newMemoryLeaseServer } from './memory-leases.ts';
import { type MemoryLogServer, newMemoryLogServer } from './memory-log.ts';
import type { FaultOf } from './memory-store/fault.ts';
import type { Settings } from './plan.ts';
import type { Scheduler } from './scheduler.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { Trace } from './trace.ts';

/** The two servers: the machines they run on, and what they know. Leases live on Redis too. */
export interface Servers {
  readonly redis: Host;
  readonly mysql: Host;
  readonly leases: MemoryLeaseServer;
  readonly log: MemoryLogServer;
  readonly database: MemoryDatabase;
  /**
   * How far its clock is ahead (a server that takes over has another one) and since when; whether it or its clock ever went
   * back.
   */
  readonly redisPast: RedisPast;
  /** What its clock says. */
  readonly redisMs: () => number;
  /** Commits out of turn that the database let through. */
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

/** As src/log/connection/connect.ts has it. */
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
  // Servers neither freeze nor die by themselves: that is done to their hosts.
  const { clock } = newMachine('servers', scheduler);
  const leases = newMemoryLeaseServer({ clock, nowMs: redisMs, partitions, ttlMs });
  const mysql = newHost({ ...options, name: 'mysql', random: random.fork('mysql') });
  const unfenced: string[] = [];
  return {
    redis: newHost({ ...options, name: 'redis', random: random.fork('redis') }),
    mysql,
    leases,
    log: newMemoryLogServer({ nowMs: redisMs, partitions, holder: leases.token }),
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

/** What must never be seen at the moment of a commit: a claim that is not the current one, a position not the last. */
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
