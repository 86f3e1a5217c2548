import { compareStreamIds } from '../../domain/stream-id.ts';
import type { PartitionProgress } from '../pair/pair.ts';
import type { Standings } from '../pair/standings.ts';

/** The primary's standings, and when they were requested, by a monotonic clock. */
export interface PrimarySample extends Standings {
  readonly askedAtMs: number;
}

export type ReplicaFinding =
  /** The replica has everything that was committed by then. */
  | { readonly type: 'proven'; readonly asOfMs: number }
  /** The replica lacks something that the oldest kept sample has. */
  | { readonly type: 'lagging' }
  /** The server is not a replica of this primary, or not yet. */
  | { readonly type: 'stranger'; readonly why: 'no-pair' | 'other-pair' | 'ahead' | 'other-history' };

export interface ReplicaProof {
  /** In each round the primary is sampled first, then the replica. */
  addPrimary(look: PrimarySample): void;
  judgeReplica(standings: Standings): ReplicaFinding;
}

/**
 * How new a replica is, by the positions that both servers have. Each batch raises the position of its partition in its own
 * transaction, so a replica whose positions equal or exceed those of an earlier sample of the primary has all that was
 * committed when that sample was requested. The proof uses no clock of a server and no replication status, and it does not
 * take an idle system for a late replica.
 */
export const newReplicaProof = (keptMs: number): ReplicaProof => {
  let samples: readonly PrimarySample[] = [];
  let before: Standings | undefined;
  return {
    addPrimary: (look) => {
      // Samples of another server belong to that server's history.
      const kept = samples.filter(
        ({ home, askedAtMs }) => home === look.home && look.askedAtMs - askedAtMs <= keptMs,
      );
      samples = [...kept, look];
    },
    judgeReplica: (standings) => {
      const now = samples.at(-1);
      if (now === undefined) return { type: 'lagging' };
      const why = strangerReasonOf(now, standings, before);
      before = standings;
      if (why !== undefined) return { type: 'stranger', why };
      const proof = samples.findLast((look) => hasAllOf(standings, look));
      return proof ? { type: 'proven', asOfMs: proof.askedAtMs } : { type: 'lagging' };
    },
  };
};

type StrangerReason = Extract<ReplicaFinding, { type: 'stranger' }>['why'];

const strangerReasonOf = (
  primary: Standings,
  replica: Standings,
  before: Standings | undefined,
): StrangerReason | undefined => {
  if (replica.pairId === undefined) return 'no-pair';
  if (replica.pairId !== primary.pairId) return 'other-pair';
  // The primary was sampled after the earlier sample of the replica, so it must have all that the replica
  // had. The two samples of the same round prove nothing: where commits wait for a replica, the replica may
  // be ahead for a moment.
  if (before?.home === replica.home && !hasAllOf(primary, before)) return 'ahead';
  return isOtherHistory(primary, replica) ? 'other-history' : undefined;
};

const hasAllOf = (one: Standings, other: Standings): boolean => {
  const positions = byPartition(one);
  return other.progress.every(
    ({ partition, position }) => (positions.get(partition)?.position ?? 0) >= position,
  );
};

/** The same position means the same batch, and a batch has exactly one watermark. */
const isOtherHistory = (primary: Standings, replica: Standings): boolean => {
  const known = byPartition(replica);
  return primary.progress.some(({ partition, position, watermark }) => {
    const there = known.get(partition);
    return there?.position === position && compareStreamIds(there.watermark, watermark) !== 0;
  });
};

const byPartition = ({ progress }: Standings): ReadonlyMap<number, PartitionProgress> =>
  new Map(progress.map((each) => [each.partition, each]));

/** What is wrong with the server, and what to do about it, in one line. */
export const strangerText = (why: StrangerReason): string => {
  switch (why) {
    case 'no-pair':
      return 'DATABASE_READ_URL leads to a database without a pair id: it is no replica of that in DATABASE_URL, or has not got that far';
    case 'other-pair':
      return 'DATABASE_READ_URL leads to a database of another pair than DATABASE_URL: correct one of them';
    case 'ahead':
      return 'the replica has decisions that the primary has not: it follows another server, or another history; make it anew from the primary';
    case 'other-history':
      return 'the replica has other decisions than the primary: it follows another history; make it anew from the primary';
  }
};
