import type { Clock } from '../domain/ports.ts';
import type { Lease, Tenancy, Tenant } from './contract.ts';

interface Lifetime {
  /** working → leaving (asked to stop, no longer renewed) → ended; lost when the lease is gone but the work is not. */
  phase: 'working' | 'leaving' | 'lost' | 'ended';
  /** Monotonic. */
  deadlineMs: number;
  /** When the last successful acquisition or renewal was sent; monotonic. */
  renewedAtMs: number;
  /** Monotonic. */
  readonly startedAtMs: number;
}

/** One lease of ours and the work under it. */
export interface Tenure extends Lifetime {
  readonly lease: Lease;
  readonly tenancy: Tenancy;
  /** Resolves when the work has ended and the lease was given back. */
  closed: Promise<void>;
}

export interface TenureStart {
  readonly lease: Lease;
  readonly deadlineMs: number;
  readonly renewedAtMs: number;
  readonly tenant: Tenant;
  readonly clock: Clock;
}

export const startTenure = ({ lease, tenant, clock, ...taken }: TenureStart): Tenure => {
  const lifetime: Lifetime = { ...taken, phase: 'working', startedAtMs: clock.monotonicMs() };
  const isHeld = (): boolean =>
    (lifetime.phase === 'working' || lifetime.phase === 'leaving') &&
    clock.monotonicMs() < lifetime.deadlineMs;
  return Object.assign(lifetime, { lease, tenancy: tenant(lease, isHeld), closed: Promise.resolve() });
};

/** Asks the work to end. The lease is not renewed any more: what is left of it is how long that may take. */
export const leaveTenure = (tenure: Tenure): void => {
  if (tenure.phase !== 'working') return;
  tenure.phase = 'leaving';
  tenure.tenancy.stop();
};

/** The lease is gone: nothing may be done under it any more, and it never becomes ours again. */
export const loseTenure = (tenure: Tenure): void => {
  const wasWorking = tenure.phase === 'working';
  tenure.phase = 'lost';
  if (wasWorking) tenure.tenancy.stop();
};
