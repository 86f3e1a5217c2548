import type { RejectionReason } from './decisions.ts';
import type { PoolId } from './ids.ts';
import { available, type ShowLedger } from './ledger.ts';
import { totalQuantity } from './lines.ts';
import type { ReservationRequested } from './requests.ts';

export interface Rejection {
  readonly reason: RejectionReason;
  readonly poolId?: PoolId;
}

/** `arrivedAtMs` is the entry's time in the stream: a window is judged by arrival, not by the length of the queue. */
type Policy = (
  request: ReservationRequested,
  ledger: ShowLedger,
  arrivedAtMs: number,
) => Rejection | undefined;

const poolsExist: Policy = ({ lines }, { pools }) => {
  const unknown = lines.find(({ poolId }) => !pools.some(({ id }) => id === poolId));
  return unknown && { reason: 'unknown-pool', poolId: unknown.poolId };
};

const withinRequestLimit: Policy = ({ lines }, { rules }) =>
  rules.maxPerRequest !== undefined && totalQuantity(lines) > rules.maxPerRequest
    ? { reason: 'over-request-limit' }
    : undefined;

const saleHasOpened: Policy = (_request, { rules }, arrivedAtMs) =>
  rules.opensAtMs !== undefined && arrivedAtMs < rules.opensAtMs ? { reason: 'sale-not-open' } : undefined;

const saleHasNotClosed: Policy = (_request, { rules }, arrivedAtMs) =>
  rules.closesAtMs !== undefined && arrivedAtMs >= rules.closesAtMs ? { reason: 'sale-closed' } : undefined;

const poolsHaveRoom: Policy = ({ lines }, { pools }) => {
  const short = lines.find(({ poolId, quantity }) =>
    pools.some((pool) => pool.id === poolId && available(pool) < quantity),
  );
  return short && { reason: 'sold-out', poolId: short.poolId };
};

/** In the order they are asked; the first that answers wins. A new rule is a function above and its name here. */
const policies: readonly Policy[] = [
  poolsExist,
  withinRequestLimit,
  saleHasOpened,
  saleHasNotClosed,
  poolsHaveRoom,
];

export const firstRejection: Policy = (request, ledger, arrivedAtMs) => {
  for (const policy of policies) {
    const rejection = policy(request, ledger, arrivedAtMs);
    if (rejection) return rejection;
  }
  return undefined;
};
