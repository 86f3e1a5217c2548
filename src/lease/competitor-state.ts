import type { Clock, Logger, Random } from '../domain/ports.ts';
import { type Backoff, backoffMs } from '../shared/backoff.ts';
import type { Leases, Members, PartitionWorker } from './contract.ts';
import { type Cooldowns, newCooldowns } from './cooldowns.ts';
import type { LeasedWork } from './leased-work.ts';

export interface CompeteOptions {
  readonly id: string;
  readonly partitions: number;
  readonly ttlMs: number;
  readonly leases: Leases;
  readonly members: Members;
  readonly worker: PartitionWorker;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** Intervals and limits, in proportion to the TTL; the values in brackets are for the default TTL of 3 s. */
export interface Pace {
  /** Longest time between two rounds (250 ms). */
  readonly roundMs: number;
  /** Age at which a lease is renewed (1 s). */
  readonly renewAfterMs: number;
  /** A lease free for so long may be taken by anyone (500 ms). */
  readonly orphanedAfterMs: number;
  /** Without a finished step for so long, work counts as stalled (6 s). */
  readonly stalledAfterMs: number;
  /** A partition that was released as stalled and is free for so long is wanted by no other projector (1 s). */
  readonly unwantedAfterMs: number;
  /** Longest pause between two attempts while the server does not answer (1 s). */
  readonly pauseMaxMs: number;
  /** How long a partition with entries of a newer version is left to others. */
  readonly unableCooldownMs: number;
  /** How long a partition that is worked from another database is left alone (3 s): by then its lease may have ended. */
  readonly elsewhereCooldownMs: number;
}

export const paceOf = (ttlMs: number): Pace => ({
  roundMs: ttlMs / 12,
  renewAfterMs: ttlMs / 3,
  orphanedAfterMs: Math.min(500, ttlMs / 6),
  stalledAfterMs: 2 * ttlMs,
  unwantedAfterMs: Math.min(1_000, ttlMs / 3),
  pauseMaxMs: Math.min(1_000, ttlMs / 3),
  unableCooldownMs: 30_000,
  elsewhereCooldownMs: ttlMs,
});

/** The state of one competitor. */
export interface CompetitorState extends CompeteOptions {
  readonly pace: Pace;
  /** By partition. */
  readonly leased: Map<number, LeasedWork>;
  readonly cooldowns: Cooldowns;
  readonly alarm: Alarm;
  readonly outage: Outage;
  /** Since when each free partition has been seen free; monotonic. */
  readonly freeSinceMs: Map<number, number>;
  isMember: boolean;
  /** When a server that the work needs came back; monotonic. */
  backAtMs: number;
  stopping: boolean;
}

export const newCompetitorState = (options: CompeteOptions): CompetitorState => {
  const pace = paceOf(options.ttlMs);
  return {
    ...options,
    pace,
    leased: new Map(),
    cooldowns: newCooldowns(options.clock),
    alarm: newAlarm(options.clock),
    outage: newOutage(options, { first: pace.roundMs, last: pace.pauseMaxMs }),
    freeSinceMs: new Map(),
    isMember: false,
    backAtMs: Number.NEGATIVE_INFINITY,
    stopping: false,
  };
};

export const working = ({ leased }: CompetitorState): readonly LeasedWork[] =>
  [...leased.values()].filter(({ phase }) => phase === 'working');

/**
 * Partitions that count against our share: those worked under a lease, those that cool down, and those where work goes on
 * without a lease. Counting fewer would make others give back what we could not take.
 */
export const shareUsed = ({ leased, cooldowns }: CompetitorState): number => {
  const used = new Set(cooldowns.of('stalled', 'unable', 'elsewhere'));
  for (const [partition, { phase }] of leased)
    if (phase === 'working' || phase === 'lost') used.add(partition);
  return used.size;
};

/** A sleep that can be ended early, also by a ring that came just before it began. */
interface Alarm {
  ring(): void;
  wait(ms: number): Promise<void>;
}

const newAlarm = (clock: Clock): Alarm => {
  let next = new AbortController();
  return {
    ring: () => next.abort('rung'),
    wait: async (ms) => {
      const { signal } = next;
      if (!signal.aborted) await clock.sleep(ms, signal);
      next = new AbortController();
    },
  };
};

/** Logs one line when an outage of the server begins and one when it ends, and backs off while it lasts. */
interface Outage {
  /** Returns how long to wait before the next attempt, ms. */
  failed(error: unknown): number;
  over(): void;
}

const newOutage = (
  { logger, random }: Pick<CompeteOptions, 'logger' | 'random'>,
  pauses: Backoff,
): Outage => {
  let failures = 0;
  return {
    failed: (error) => {
      if (failures === 0) logger.warn({ err: error }, 'leases: the server does not answer, trying again');
      failures += 1;
      return backoffMs(failures, pauses, random);
    },
    over: () => {
      if (failures > 0) logger.info({ failures }, 'leases: the server answers again');
      failures = 0;
    },
  };
};
