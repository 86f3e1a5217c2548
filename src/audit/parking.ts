import type { RequestId } from '../domain/ids.ts';
import type { StreamId } from '../domain/stream-id.ts';
import type { AuditedParking } from './contract.ts';

/** What a partition set aside. */
export interface Parking {
  readonly entries: ReadonlySet<StreamId>;
  readonly requests: ReadonlySet<RequestId>;
}

export const newParking = (parked: readonly AuditedParking[]): Parking => ({
  entries: new Set(parked.map(({ streamId }) => streamId)),
  requests: new Set(parked.flatMap(({ requestId }) => requestId ?? [])),
});
