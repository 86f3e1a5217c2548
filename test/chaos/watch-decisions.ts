import type { RowDataPacket } from 'mysql2/promise';
import { lookAtTable } from '../support/look-at-table.ts';
import type { ObservedClaim } from './take-overs.ts';

export interface DecisionWatch {
  /** When new decisions were seen, by performance.now(); accurate to one sampling interval. */
  readonly decidedAtMs: readonly number[];
  readonly claims: readonly ObservedClaim[];
  /** The partitions that a process owns, by the last sample. */
  readonly ownedBy: (pid: number) => readonly number[];
  readonly stop: () => Promise<void>;
}

const text = "SELECT id, epoch, position, COALESCE(owner, '') AS owner FROM partitions";

interface ObservedPartition {
  readonly epoch: number;
  readonly position: number;
  readonly owner: string;
}

/** Samples the partitions table repeatedly, past all proxies; while the server is away nothing is decided. */
export const watchDecisions = (databaseUrl: string): DecisionWatch => {
  const decidedAtMs: number[] = [];
  const claims: ObservedClaim[] = [];
  const last = new Map<number, ObservedPartition>();
  const movedAtMs = new Map<number, number>();
  const open = new Map<number, { -readonly [Field in keyof ObservedClaim]: ObservedClaim[Field] }>();

  const noteClaim = (partition: number, epoch: number, seenAtMs: number): void => {
    const quietSinceMs = movedAtMs.get(partition);
    const claim = { partition, epoch, seenAtMs, quietSinceMs, committedAtMs: undefined };
    open.set(partition, claim);
    claims.push(claim);
  };
  const take = (rows: readonly RowDataPacket[]): void => {
    const nowMs = performance.now();
    for (const row of rows) {
      const partition = Number(row['id']);
      const seen = {
        epoch: Number(row['epoch']),
        position: Number(row['position']),
        owner: String(row['owner']),
      };
      const before = last.get(partition);
      const { epoch, position } = before ?? seen;
      const isMoved = seen.position > position;
      if (seen.epoch !== epoch) noteClaim(partition, seen.epoch, nowMs);
      const claim = open.get(partition);
      // A move that appears together with the claim may be the last batch of the former owner.
      if (claim && isMoved && claim.seenAtMs < nowMs) {
        claim.committedAtMs = nowMs;
        open.delete(partition);
      }
      if (isMoved) movedAtMs.set(partition, nowMs);
      last.set(partition, seen);
    }
    if ([...movedAtMs.values()].includes(nowMs)) decidedAtMs.push(nowMs);
  };
  const { stop } = lookAtTable(databaseUrl, { sql: text }, take);
  return {
    decidedAtMs,
    claims,
    ownedBy: (pid) => [...last].filter(([, { owner }]) => owner.includes(`-${pid}-`)).map(([id]) => id),
    stop,
  };
};
