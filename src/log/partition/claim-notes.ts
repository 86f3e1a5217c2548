import { runScript } from '../../shared/redis-script.ts';
import type { NodeOf } from '../connection/nodes.ts';
import { loadScript } from '../connection/scripts.ts';
import type { LiveClaims, PartitionLog } from '../contract.ts';
import { keysOf } from '../keys.ts';

const compareScript = loadScript('compare-claim');
const noteScript = loadScript('note-claim');
const atOnce = 64;

export interface ClaimNoteOptions {
  /** How long the note of a claim is kept after its owner wrote it last. */
  readonly claimKeptMs?: number;
}

/** At the usual TTL of a lease. */
const keptMsDefault = 9_000;
/** Owners check their claim once a second. */
const keptMsMin = 3_000;

/** Three times as long as the lease: an owner that has not checked for so long has lost it, and needs a new claim to return. */
export const claimKeptMs = (leaseTtlMs: number): number => Math.max(3 * leaseTtlMs, keptMsMin);

type LiveClaim = Awaited<ReturnType<LiveClaims['liveClaims']>>[number];

export const newCompareClaim =
  (nodeOf: NodeOf, { claimKeptMs: keptMs = keptMsDefault }: ClaimNoteOptions): PartitionLog['compareClaim'] =>
  async ({ partition, leaseToken, before = '', next }) => {
    const { lease, claimed } = keysOf(partition);
    const code = await runScript(nodeOf, compareScript, {
      keys: [lease, claimed],
      args: [leaseToken, before, next.epoch, next.token, keptMs],
    });
    if (code === 0) return 'lease-lost';
    return code === 1 ? 'same' : 'another';
  };

export const newNoteClaim =
  (nodeOf: NodeOf, { claimKeptMs: keptMs = keptMsDefault }: ClaimNoteOptions): PartitionLog['noteClaim'] =>
  async ({ partition, leaseToken, claim, roll = '' }) => {
    const { lease, claimed } = keysOf(partition);
    await runScript(nodeOf, noteScript, {
      keys: [lease, claimed],
      args: [leaseToken, claim.epoch, claim.token, roll, keptMs],
    });
  };

export const newLiveClaims =
  (nodeOf: NodeOf): LiveClaims['liveClaims'] =>
  async (partitions) => {
    const live: LiveClaim[] = [];
    for (let from = 0; from < partitions; from += atOnce) {
      const group = Array.from({ length: Math.min(atOnce, partitions - from) }, (_, index) => from + index);
      live.push(...(await Promise.all(group.map((partition) => liveClaimOf(nodeOf, partition)))).flat());
    }
    return live;
  };

/** Without a lease there is no owner, even if there is a note. */
const liveClaimOf = async (nodeOf: NodeOf, partition: number): Promise<readonly LiveClaim[]> => {
  const { lease, claimed } = keysOf(partition);
  const redis = nodeOf(claimed);
  const [token, note] = await Promise.all([redis.get(lease), redis.hgetall(claimed)]);
  if (token === null || note['claim'] === undefined) return [];
  const { roll = '' } = note;
  return [{ partition, ...(roll !== '' && { roll }) }];
};
