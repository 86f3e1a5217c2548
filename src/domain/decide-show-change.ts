import type { Decision, PoolSetting } from './decisions.ts';
import { type PoolLedger, type ShowLedger, settled } from './ledger.ts';
import { limits } from './limits.ts';
import type { RefusalReason } from './reasons.ts';
import type { PoolChange, RuleChanges, ShowChangeRequested, ShowRules } from './requests.ts';

/** The show with its changes, or the reason why nothing changes. The revision is compared here, in stream order. */
export const decideShowChange = (request: ShowChangeRequested, ledger: ShowLedger | undefined): Decision => {
  if (!ledger) return refused(request, 'not-found');
  if (request.revisions && !request.revisions.includes(ledger.revision))
    return refused(request, 'stale-revision');
  const pools: PoolSetting[] = [];
  const changes = new Map(request.pools?.map((change) => [change.id, change]));
  for (const pool of ledger.pools) {
    const change = changes.get(pool.id);
    const changed = change ? changedPool(pool, change, request.force) : pool;
    if (!changed) return { ...refused(request, 'capacity-below-committed'), poolId: pool.id };
    pools.push(settingOf(changed));
    changes.delete(pool.id);
  }
  for (const change of changes.values()) {
    const { id, name = id, capacity } = change;
    if (capacity === undefined) return { ...refused(request, 'unknown-pool'), poolId: id };
    pools.push({ id, name, capacity });
  }
  if (pools.length > limits.poolsPerShow) return refused(request, 'invalid-request');
  const rules = changedRules(ledger.rules, request.rules ?? {});
  if (
    rules.opensAtMs !== undefined &&
    rules.closesAtMs !== undefined &&
    rules.opensAtMs >= rules.closesAtMs
  ) {
    return refused(request, 'invalid-request');
  }
  const { showId, name = ledger.name } = request;
  return { type: 'ShowChanged', showId, revision: ledger.revision + 1, name, pools, rules };
};

/** Undefined when the capacity would be below what is held and confirmed, and the change is not forced. */
const changedPool = (
  pool: PoolLedger,
  { name = pool.name, capacity }: PoolChange,
  force: boolean,
): PoolLedger | undefined => {
  if (capacity === undefined) return { ...pool, name };
  const { target: _former, ...rest } = pool;
  const committed = pool.held + pool.confirmed;
  if (capacity >= committed) return { ...rest, name, capacity };
  return force ? settled({ ...rest, name, capacity: committed, target: capacity }) : undefined;
};

const settingOf = ({ id, name, capacity, target }: PoolLedger): PoolSetting => ({
  id,
  name,
  capacity,
  ...(target !== undefined && { target }),
});

const changedRules = (rules: ShowRules, changes: RuleChanges): ShowRules => {
  const merged = Object.entries({ ...rules, ...changes }).filter(
    ([, value]) => value !== null && value !== undefined,
  );
  return Object.fromEntries(merged);
};

const refused = ({ type, showId }: ShowChangeRequested, reason: RefusalReason) =>
  ({ type: 'RequestRefused', asked: type, showId, reason }) satisfies Decision;
