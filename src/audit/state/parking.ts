import type { RequestId } from '../../domain/ids.ts';
import type { StreamId } from '../../domain/stream-id.ts';
import type { AuditedParking } from '../contract.ts';

/** The parked entries of a partition. */
export interface Parking {
  readonly entries: ReadonlySet<StreamId>;
  readonly requests: ReadonlySet<RequestId>;
  /** How many entries an operator has dismissed. */
  readonly dismissed: number;
}

export const newParking = (parked: readonly AuditedParking[]): Parking => ({
  entries: new Set(parked.map(({ streamId }) => streamId)),
  requests: new Set(parked.flatMap(({ requestId }) => requestId ?? [])),
  dismissed: new Set(parked.flatMap(({ streamId, isDismissed }) => (isDismissed ? streamId : []))).size,
});
