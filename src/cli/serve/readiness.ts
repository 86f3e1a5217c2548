import type { Readiness, RoleState } from '../../http/ops-routes.ts';
import type { Role } from '../roles.ts';
import { isDegraded, ok, type PartCheck } from './part.ts';

export interface ReadinessOptions {
  readonly roles: Iterable<Role>;
  /** Of every part that was opened; none while the process starts. */
  readonly checks: readonly PartCheck[];
  /** Needed by every role. */
  readonly pair: string;
  /** What the servers lack and somebody answers for; changes nothing. */
  readonly risks: Readiness['details'];
}

/** What each role of a process can do, from how its parts stand. */
export const readinessOf = ({ roles, checks, pair, risks }: ReadinessOptions): Readiness => {
  const isStarting = checks.length === 0;
  const needed = [pair, ...checks.flatMap((check) => (check.roles ? [] : Object.values(check.lines)))];
  const stateOfRole = (role: Role): RoleState => {
    const own = checks.flatMap((check) => check.roles?.[role] ?? []);
    // A role that no part speaks for is not there yet.
    return own.length === 0 ? 'not-ready' : worstOf([...needed, ...own]);
  };
  const lines = Object.assign({}, ...checks.map((check) => check.lines));
  return {
    roles: Object.fromEntries([...roles].map((role) => [role, stateOfRole(role)])),
    details: { ...(isStarting && { process: 'starting' }), pair, ...lines, ...risks },
  };
};

const worstOf = (states: readonly string[]): RoleState => {
  if (states.some((state) => state !== ok && !isDegraded(state))) return 'not-ready';
  return states.some(isDegraded) ? 'degraded' : 'ok';
};
