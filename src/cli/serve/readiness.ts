import type { Readiness, RoleState } from '../../http/ops-routes.ts';
import type { Role } from '../roles.ts';
import { isDegraded, ok, type PartCheck } from './part.ts';

export interface ReadinessOptions {
  readonly roles: Iterable<Role>;
  /** The checks of all open parts; empty while the process starts. */
  readonly checks: readonly PartCheck[];
  /** What it does meanwhile. */
  readonly start: 'starting' | 'warming up';
  /** Needed by every role. */
  readonly pair: string;
  /** Accepted risks of the servers; they do not change readiness. */
  readonly risks: Readiness['details'];
}

/** The readiness of each role, by the state of the parts. */
export const readinessOf = ({ roles, checks, start, pair, risks }: ReadinessOptions): Readiness => {
  const isStarting = checks.length === 0;
  const needed = [pair, ...checks.flatMap((check) => (check.roles ? [] : Object.values(check.lines)))];
  const stateOfRole = (role: Role): RoleState => {
    const own = checks.flatMap((check) => check.roles?.[role] ?? []);
    // A role without a part has not started yet.
    return own.length === 0 ? 'not-ready' : worstOf([...needed, ...own]);
  };
  const lines = Object.assign({}, ...checks.map((check) => check.lines));
  return {
    roles: Object.fromEntries([...roles].map((role) => [role, stateOfRole(role)])),
    details: { ...(isStarting && { process: start }), pair, ...lines, ...risks },
  };
};

const worstOf = (states: readonly string[]): RoleState => {
  if (states.some((state) => state !== ok && !isDegraded(state))) return 'not-ready';
  return states.some(isDegraded) ? 'degraded' : 'ok';
};
