import type { CustomerTotals } from './customer.ts';
import type { PoolId } from './ids.ts';
import { available, type ShowLedger } from './ledger.ts';
import { limits } from './limits.ts';
import { type Line, totalQuantity } from './lines.ts';
import type { RejectionReason } from './reasons.ts';

export interface Rejection {
  readonly reason: RejectionReason;
  readonly poolId?: PoolId;
}

/** The input of a policy: the requested places, the customer's totals, and the present state of the show. */
export interface PolicyInput {
  readonly lines: readonly Line[];
  readonly ledger: ShowLedger;
  readonly customer: CustomerTotals;
  /** The entry's time in the stream: a window is judged by arrival, not by the length of the queue. */
  readonly arrivedAtMs: number;
}

type Policy = (input: PolicyInput) => Rejection | undefined;

const poolsExist: Policy = ({ lines, ledger: { pools } }) => {
  const unknown = lines.find(({ poolId }) => !pools.some(({ id }) => id === poolId));
  return unknown && { reason: 'unknown-pool', poolId: unknown.poolId };
};

const withinRequestLimit: Policy = ({ lines, ledger: { rules } }) =>
  rules.maxPerRequest !== undefined && totalQuantity(lines) > rules.maxPerRequest
    ? { reason: 'over-request-limit' }
    : undefined;

const withinCustomerLimit: Policy = ({ lines, ledger: { rules }, customer }) =>
  rules.maxPerCustomer !== undefined && customer.places + totalQuantity(lines) > rules.maxPerCustomer
    ? { reason: 'customer-limit' }
    : undefined;

const withinHoldLimit: Policy = ({ ledger: { rules }, customer }) =>
  rules.holdSeconds !== undefined && customer.holds >= limits.liveHoldsPerCustomer
    ? { reason: 'hold-limit' }
    : undefined;

const saleHasOpened: Policy = ({ ledger: { rules }, arrivedAtMs }) =>
  rules.opensAtMs !== undefined && arrivedAtMs < rules.opensAtMs ? { reason: 'sale-not-open' } : undefined;

const saleHasNotClosed: Policy = ({ ledger: { rules }, arrivedAtMs }) =>
  rules.closed || (rules.closesAtMs !== undefined && arrivedAtMs >= rules.closesAtMs)
    ? { reason: 'sale-closed' }
    : undefined;

const poolsHaveRoom: Policy = ({ lines, ledger: { pools } }) => {
  const short = lines.find(({ poolId, quantity }) =>
    pools.some((pool) => pool.id === poolId && available(pool) < quantity),
  );
  return short && { reason: 'sold-out', poolId: short.poolId };
};

/** Applied in this order; the first rejection counts. A new rule is a function above and its name here. */
const forNew: readonly Policy[] = [
  poolsExist,
  withinRequestLimit,
  withinCustomerLimit,
  withinHoldLimit,
  saleHasOpened,
  saleHasNotClosed,
  poolsHaveRoom,
];

/** A late confirm takes places again: limits and room count, the window does not. */
const forLateConfirm: readonly Policy[] = [poolsExist, withinCustomerLimit, poolsHaveRoom];

const firstOf =
  (policies: readonly Policy[]): Policy =>
  (input) => {
    for (const policy of policies) {
      const rejection = policy(input);
      if (rejection) return rejection;
    }
    return undefined;
  };

export const rejectionOfNew = firstOf(forNew);
export const rejectionOfLateConfirm = firstOf(forLateConfirm);

/** Whether deciding for this show needs what its customers have already. */
export const countsCustomers = ({ rules }: Pick<ShowLedger, 'rules'>): boolean =>
  rules.maxPerCustomer !== undefined || rules.holdSeconds !== undefined;
