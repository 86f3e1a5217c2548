import type { Owner } from '../../../src/log/contract.ts';
import type { PartitionState } from './partition-state.ts';
import type { ServerState } from './server-state.ts';

/** The first step of every script: without the current lease it does nothing. */
export const asOwner = <Done, Refused>(
  server: ServerState,
  { partition, leaseToken }: Owner,
  refused: Refused,
  effect: (stream: PartitionState) => Done,
): Done | Refused => (server.holder(partition) === leaseToken ? effect(server.stream(partition)) : refused);
