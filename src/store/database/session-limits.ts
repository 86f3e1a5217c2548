import type { SessionLimits } from './session.ts';

const CONNECT_MS = 2_500;
const API_QUERY_MS = 5_000;
const API_SILENCE_MS = 60_000;
const PROJECTOR_QUERY_MS = 15_000;
const LOCK_WAIT_MS = 1_000;

export interface SessionUse {
  /** The server ends a projector's sessions soon after their process froze. An API's hold no locks and may last longer. */
  readonly role: 'projector' | 'api';
  readonly leaseTtlMs: number;
}

export const sessionLimits = ({ role, leaseTtlMs }: SessionUse): SessionLimits => {
  const common = { connectMs: CONNECT_MS, lockWaitMs: LOCK_WAIT_MS };
  return role === 'projector'
    ? { ...common, queryMs: PROJECTOR_QUERY_MS, silenceMs: leaseTtlMs }
    : { ...common, queryMs: API_QUERY_MS, silenceMs: API_SILENCE_MS };
};
