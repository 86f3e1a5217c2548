import type { Random } from '../../src/domain/ports.ts';
import { type Competitor, compete } from '../../src/lease/compete.ts';
import { type MemoryLeaseServer, newMemoryLeaseServer } from '../simulation/memory-leases.ts';
import { newVirtualClock, type VirtualClock } from '../simulation/virtual-clock.ts';
import {
  type FakeWorker,
  type FakeWorkerOptions,
  type LogBook,
  newFakeWorker,
  newLogBook,
} from './fake-worker.ts';

export const ttlMs = 3_000;
export const partitions = 16;

/** Random numbers that are the same in every run. */
const newDice = (seed: number): Random => {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
};

export interface Rival extends Competitor {
  readonly work: FakeWorker;
  readonly log: LogBook;
}

type JoinOptions = Omit<FakeWorkerOptions, 'lastProgressMs'>;

/** Competitors on one lease server in memory and in virtual time. */
export interface Arena {
  readonly clock: VirtualClock;
  readonly server: MemoryLeaseServer;
  join(id: string, options?: JoinOptions): Rival;
  /** How many leases each holds, in the order they joined. */
  counts(): readonly number[];
  /** Since when work on a partition has made no progress, whichever competitor works it. */
  readonly stalledSince: Map<number, number>;
}

export const newArena = (): Arena => {
  const clock = newVirtualClock();
  const server = newMemoryLeaseServer({ clock, partitions, ttlMs });
  const rivals: Rival[] = [];
  const stalledSince = new Map<number, number>();
  const join = (id: string, options: JoinOptions = {}): Rival => {
    const lastProgressMs = (partition: number): number => stalledSince.get(partition) ?? clock.monotonicMs();
    const work = newFakeWorker({ ...options, lastProgressMs });
    const log = newLogBook();
    const random = newDice(rivals.length + 1);
    const given = { id, partitions, ttlMs, clock, random, logger: log.logger, worker: work.worker };
    const leases = server.leases(id);
    const competitor = compete({ ...given, leases, members: server.members() });
    const rival = { ...competitor, work, log };
    rivals.push(rival);
    return rival;
  };
  const counts = (): readonly number[] => rivals.map((rival) => rival.held().length);
  return { clock, server, join, counts, stalledSince };
};
