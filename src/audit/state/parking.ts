import type { RequestId } from '../../domain/ids.ts';
import type { StreamId } from '../../domain/stream-id.ts';
import type { AuditedParking } from '../contract.ts';

/** What a partition set aside. */
export interface Parking {
  readonly entries: ReadonlySet<StreamId>;
  readonly requests: ReadonlySet<RequestId>;
  /** How many of the entries nobody is to do anything about. */
  readonly dismissed: number;
}

export const newParking = (parked: readonly AuditedParking[]): Parking => ({
  entries: new Set(parked.map(({ streamId }) => streamId)),
  requests: new Set(parked.flatMap(({ requestId }) => requestId ?? [])),
  dismissed: new Set(parked.flatMap(({ streamId, isDismissed }) => (isDismissed ? streamId : []))).size,
});
