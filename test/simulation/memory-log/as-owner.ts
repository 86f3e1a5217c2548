import type { Owner } from '../../../src/log/contract.ts';
import type { PartitionState } from './partition-state.ts';
import type { ServerState } from './server-state.ts';

/** What every script begins with: nothing happens without the current lease. */
export const asOwner = <Done, Refused>(
  server: ServerState,
  { partition, leaseToken }: Owner,
  refused: Refused,
  effect: (stream: PartitionState) => Done,
): Done | Refused => (server.holder(partition) === leaseToken ? effect(server.stream(partition)) : refused);
