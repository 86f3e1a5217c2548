import type { Backlog } from '../../log/contract.ts';

/** How long to wait before looking again, whole seconds; an unknown wait is worth one. */
export const retryAfterSeconds = ({ waitSeconds }: Backlog): number =>
  Math.min(30, Math.max(1, Math.ceil(waitSeconds ?? 1)));
