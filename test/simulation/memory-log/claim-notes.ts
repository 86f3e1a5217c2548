import type { LiveClaims, PartitionLog } from '../../../src/log/contract.ts';
import type { Wire } from '../wire.ts';
import { asOwner } from './as-owner.ts';
import type { PartitionState, StoredClaim } from './partition-state.ts';
import type { ServerState } from './server-state.ts';

const keptMs = 9_000;

const standingIn = (server: ServerState, { claimed }: PartitionState): StoredClaim | undefined =>
  claimed && server.nowMs() < claimed.endsMs ? claimed : undefined;

/** Same effect as compare-claim.lua. */
export const newMemoryCompareClaim =
  (server: ServerState, wire: Wire): PartitionLog['compareClaim'] =>
  ({ before = '', next, ...owner }) =>
    wire.ask(`compare claim of ${owner.partition}`, () =>
      asOwner(server, owner, 'lease-lost', (stream) => {
        const known = standingIn(server, stream);
        if (known && known.token !== before && known.before !== before) return 'another';
        stream.claimed = { token: next.token, before, endsMs: server.nowMs() + keptMs };
        return 'same';
      }),
    );

/** Same effect as note-claim.lua. */
export const newMemoryNoteClaim =
  (server: ServerState, wire: Wire): PartitionLog['noteClaim'] =>
  ({ claim, roll, ...owner }) =>
    wire.ask(`note claim of ${owner.partition}`, () =>
      asOwner(server, owner, undefined, (stream) => {
        stream.claimed = { token: claim.token, roll, endsMs: server.nowMs() + keptMs };
      }),
    );

export const newMemoryLiveClaims =
  (server: ServerState, wire: Wire): LiveClaims['liveClaims'] =>
  (partitions) =>
    wire.ask('live claims', () =>
      Array.from({ length: partitions }, (_, partition) => partition).flatMap((partition) => {
        const known = standingIn(server, server.stream(partition));
        if (!known || server.holder(partition) === undefined) return [];
        return [{ partition, ...(known.roll !== undefined && { roll: known.roll }) }];
      }),
    );
