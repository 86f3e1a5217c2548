import type { Backlog } from '../../log/contract.ts';

/** The seconds after which to try again; 1 where the wait is unknown. */
export const retryAfterSeconds = ({ waitSeconds }: Backlog): number =>
  Math.min(30, Math.max(1, Math.ceil(waitSeconds ?? 1)));
