import type { JournalEntry } from '../../domain/decisions.ts';
import { deltasOf, type PoolDelta } from '../../domain/ledger.ts';
import { loadSql } from '../database/load-sql.ts';
import { hexOf } from '../database/parameters.ts';
import type { Session } from '../database/session.ts';
import { changeAll, changeRows, inChunks, type NewRowValues, rowValuesOf } from './write-rows.ts';
import type { ChangedShows, PartitionChanges } from './write-shows.ts';

const movePoolsUpdate = { sql: loadSql('write/move-pools'), what: 'pools' };
const changePools = { sql: loadSql('write/change-pools'), what: 'pools' };
const shrinkPools = loadSql('write/shrink-pools');
const reachTargets = loadSql('write/reach-targets');

/** The sum of a batch's movements in one pool, and the pool's new settings if the batch changes them. */
interface PoolMove extends PoolDelta {
  readonly asOfMs: number;
  readonly setting?: { readonly capacity: number; readonly target?: number };
}

export const movePools = async (session: Session, parts: readonly PartitionChanges[]): Promise<void> => {
  const moving = parts.map(({ partition, entries, changed }) => ({
    partition,
    moves: movesOf(entries, changed),
  }));
  const change = changeAll(session);
  await change(
    movePoolsUpdate,
    rowValuesOf(moving, ({ moves }) => moves.filter(({ setting }) => !setting).map(moveValues)),
  );
  await change(
    changePools,
    rowValuesOf(moving, ({ moves }) => moves.flatMap(changeValues)),
  );
  const shrinking = rowValuesOf(moving, ({ moves }) => moves.filter(mayShrink).map(poolKey));
  const shrink = (sql: string): Promise<number> => inChunks(shrinking, changeRows(session, sql));
  if ((await shrink(shrinkPools)) > 0) await shrink(reachTargets);
};

const movesOf = (entries: readonly JournalEntry[], changed: ChangedShows): readonly PoolMove[] => {
  const moves = new Map<string, PoolMove>();
  for (const { show, atMs } of changed.values()) {
    for (const { id, capacity, target } of show.pools) {
      const setting = { capacity, ...(target !== undefined && { target }) };
      const still = { showId: show.showId, poolId: id, held: 0, confirmed: 0 };
      moves.set(`${show.showId} ${id}`, { ...still, asOfMs: atMs, setting });
    }
  }
  for (const { decision, decidedAtMs } of entries) {
    for (const delta of deltasOf(decision)) {
      const key = `${delta.showId} ${delta.poolId}`;
      const move = moves.get(key);
      const held = (move?.held ?? 0) + delta.held;
      const confirmed = (move?.confirmed ?? 0) + delta.confirmed;
      const asOfMs = Math.max(move?.asOfMs ?? 0, decidedAtMs);
      moves.set(key, { ...move, ...delta, held, confirmed, asOfMs });
    }
  }
  return [...moves.values()];
};

/**
 * Shrinking once per batch has the same result as shrinking after each decision. While a pool has a target,
 * its capacity equals what is held and confirmed, so nothing can be taken until the target is reached. From
 * then on the capacity is the target.
 */
const mayShrink = ({ held, confirmed, setting }: PoolMove): boolean =>
  held + confirmed < 0 || setting?.target !== undefined;

const poolKey = ({ showId, poolId }: PoolMove): NewRowValues => [hexOf(showId), poolId];

const moveValues = ({ showId, poolId, held, confirmed, asOfMs }: PoolMove): NewRowValues => [
  hexOf(showId),
  poolId,
  held,
  confirmed,
  asOfMs,
];

const changeValues = (move: PoolMove): NewRowValues[] => {
  const { showId, poolId, held, confirmed, asOfMs, setting } = move;
  if (!setting) return [];
  return [[hexOf(showId), poolId, setting.capacity, setting.target ?? null, held, confirmed, asOfMs]];
};
