import type { Clock, Logger, Random } from '../domain/ports.ts';
import { type Alarm, newAlarm } from './alarm.ts';
import type { Leases, Members, Tenant } from './contract.ts';
import { newOutage, type Outage } from './outage.ts';
import { newRests, type Rests } from './rests.ts';
import type { Tenure } from './tenure.ts';

export interface CompeteOptions {
  readonly id: string;
  readonly partitions: number;
  readonly ttlMs: number;
  readonly leases: Leases;
  readonly members: Members;
  readonly tenant: Tenant;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** How often and how long, all in proportion to the TTL; in brackets what it is at the default of 3 s. */
export interface Pace {
  /** Between two looks at most (250 ms). */
  readonly beatMs: number;
  /** Age at which a lease is renewed (1 s). */
  readonly renewAfterMs: number;
  /** A lease free for so long may be taken by anyone (500 ms). */
  readonly forlornAfterMs: number;
  /** Without a finished step for so long, work counts as stalled (6 s). */
  readonly stalledAfterMs: number;
  /** What was given back as stalled and is free for so long is wanted by nobody else (1 s). */
  readonly unwantedAfterMs: number;
  /** Between two attempts at a server that does not answer (1 s). */
  readonly pauseMaxMs: number;
  /** How long a partition with entries of a newer version is left to others. */
  readonly unableRestMs: number;
  /** How long one is left alone that is worked from another database (3 s): nobody may stand there any more after that. */
  readonly elsewhereRestMs: number;
}

export const paceOf = (ttlMs: number): Pace => ({
  beatMs: ttlMs / 12,
  renewAfterMs: ttlMs / 3,
  forlornAfterMs: Math.min(500, ttlMs / 6),
  stalledAfterMs: 2 * ttlMs,
  unwantedAfterMs: Math.min(1_000, ttlMs / 3),
  pauseMaxMs: Math.min(1_000, ttlMs / 3),
  unableRestMs: 30_000,
  elsewhereRestMs: ttlMs,
});

/** All that one competitor knows. */
export interface Contest extends CompeteOptions {
  readonly pace: Pace;
  readonly tenures: Map<number, Tenure>;
  readonly rests: Rests;
  readonly alarm: Alarm;
  readonly outage: Outage;
  /** Since when each free partition has been seen free; monotonic. */
  readonly freeSinceMs: Map<number, number>;
  isMember: boolean;
  /** When a server that the work needs came back; monotonic. */
  backAtMs: number;
  stopping: boolean;
}

export const newContest = (options: CompeteOptions): Contest => {
  const pace = paceOf(options.ttlMs);
  const { logger, clock } = options;
  return {
    ...options,
    pace,
    tenures: new Map(),
    rests: newRests(clock),
    alarm: newAlarm(clock),
    outage: newOutage({ logger, pauseMinMs: pace.beatMs, pauseMaxMs: pace.pauseMaxMs }),
    freeSinceMs: new Map(),
    isMember: false,
    backAtMs: Number.NEGATIVE_INFINITY,
    stopping: false,
  };
};

export const working = ({ tenures }: Contest): readonly Tenure[] =>
  [...tenures.values()].filter(({ phase }) => phase === 'working');

/**
 * How much of our share is used: leases worked under, partitions sat out, and those where work hangs on without a
 * lease. Less would make others give back what we then cannot take.
 */
export const shareUsed = ({ tenures, rests }: Contest): number => {
  const used = new Set(rests.of('stalled', 'unable', 'elsewhere'));
  for (const [partition, { phase }] of tenures)
    if (phase === 'working' || phase === 'lost') used.add(partition);
  return used.size;
};
