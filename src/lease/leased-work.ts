import type { Clock } from '../domain/ports.ts';
import type { Lease, PartitionWorker, Work } from './contract.ts';

interface Lifetime {
  /** working → leaving (asked to stop, no longer renewed) → ended; lost: the lease is gone but the work has not ended. */
  phase: 'working' | 'leaving' | 'lost' | 'ended';
  /** Monotonic. */
  deadlineMs: number;
  /** When the last successful acquisition or renewal was sent; monotonic. */
  renewedAtMs: number;
  /** Monotonic. */
  readonly startedAtMs: number;
}

/** One lease of ours and the work under it. */
export interface LeasedWork extends Lifetime {
  readonly lease: Lease;
  readonly work: Work;
  /** Resolves when the work has ended and the lease was released. */
  closed: Promise<void>;
}

export interface LeasedWorkStart {
  readonly lease: Lease;
  readonly deadlineMs: number;
  readonly renewedAtMs: number;
  readonly worker: PartitionWorker;
  readonly clock: Clock;
}

export const startWork = ({ lease, worker, clock, ...taken }: LeasedWorkStart): LeasedWork => {
  const lifetime: Lifetime = { ...taken, phase: 'working', startedAtMs: clock.monotonicMs() };
  const isHeld = (): boolean =>
    (lifetime.phase === 'working' || lifetime.phase === 'leaving') &&
    clock.monotonicMs() < lifetime.deadlineMs;
  return Object.assign(lifetime, { lease, work: worker(lease, isHeld), closed: Promise.resolve() });
};

/** Asks the work to end. The lease is not renewed any more; the work has the rest of it to end. */
export const leaveWork = (leased: LeasedWork): void => {
  if (leased.phase !== 'working') return;
  leased.phase = 'leaving';
  leased.work.stop();
};

/** The lease is gone: nothing may be done under it any more, and it never becomes ours again. */
export const loseWork = (leased: LeasedWork): void => {
  const wasWorking = leased.phase === 'working';
  leased.phase = 'lost';
  if (wasWorking) leased.work.stop();
};
