import type { PoolId } from '../domain/ids.ts';
import type { RefusalReason, RejectionReason } from '../domain/reasons.ts';
import type { Problem } from '../http/problem.ts';
import { reasonDetail } from './reason-detail.ts';

export interface Refused {
  readonly reason: RejectionReason | RefusalReason;
  readonly poolId?: PoolId;
}

/** A refusal that was decided, which the codes of problems are named after. */
export const refusedProblem = ({ reason, poolId }: Refused, instance: string): Problem => ({
  code: reason,
  detail: reasonDetail(reason, poolId),
  instance,
  ...(poolId !== undefined && { members: { poolId } }),
});
