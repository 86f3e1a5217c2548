import type { Buffer } from 'node:buffer';
import { bytesIn, numberIn, type Row, streamIdIn } from '../database/columns.ts';
import { loadSql } from '../database/load-sql.ts';
import { beforeAllIds } from '../database/parameters.ts';
import { reservationOf } from '../rows/reservation-row.ts';
import { type PendingEntry, writeReservations } from '../write/write-reservations.ts';
import { compareAll, compareTouched } from './compare.ts';
import { type Positions, positionsOf, rangesBetween } from './positions.ts';
import { replayPage } from './replay.ts';
import { shadowOf } from './shadow-tables.ts';
import type { RebuildRun } from './work.ts';

const listPositions = loadSql('rebuild/list-positions');
const listPending = loadSql('rebuild/list-pending');
const deletePending = loadSql('rebuild/delete-pending');

const PENDING_PAGE = 500;

/**
 * Brings the new tables up to one moment of the live ones and compares the two, in one transaction. For this
 * transaction, its snapshot keeps the live tables unchanged while others write to them; its own writes to the
 * new tables are visible in it. Compares all rows, or those that decisions since the last round are about.
 */
export const compareRound = async (work: RebuildRun, which: 'all' | 'touched'): Promise<Positions> => {
  const { session } = work;
  await session.run('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
  await session.run('START TRANSACTION WITH CONSISTENT SNAPSHOT');
  const positions = positionsOf(await session.rows(listPositions));
  await session.change(deletePending);
  await replayRest(work, positions);
  await copyPending(work);
  if (which === 'all') await compareAll(work);
  else await compareTouched(work, rangesBetween(work.compared, positions));
  await session.run('COMMIT');
  for (const [partition, position] of positions) work.compared.set(partition, position);
  return positions;
};

const replayRest = async (work: RebuildRun, positions: Positions): Promise<void> => {
  for (const { partition, after, upTo } of rangesBetween(work.replayed, positions))
    for (let from = after; from < upTo; from = work.replayed.get(partition) ?? upTo)
      await replayPage(work, { partition, after: from, upTo });
};

/**
 * Reservations whose entry was parked are not in the journal, so their rows are copied from the live table.
 * Reading and writing are two steps, because a copy in one statement would lock the rows that it reads.
 */
const copyPending = async ({ session }: RebuildRun): Promise<void> => {
  for (let after: Buffer | undefined = beforeAllIds; after; ) {
    const rows: readonly Row[] = await session.rows(listPending, [after, String(PENDING_PAGE)]);
    const parts = [...byPartition(rows)].map(([partition, parked]) => ({ partition, entries: [], parked }));
    await writeReservations(shadowOf(session), parts);
    const last = rows.at(-1);
    after = last && bytesIn(last, 'id');
  }
};

const byPartition = (rows: readonly Row[]): ReadonlyMap<number, readonly PendingEntry[]> => {
  const groups = new Map<number, PendingEntry[]>();
  for (const row of rows) {
    const partition = numberIn(row, 'partition_id');
    const pending = { reservation: reservationOf(row), streamId: streamIdIn(row, 'requested') };
    groups.set(partition, [...(groups.get(partition) ?? []), pending]);
  }
  return groups;
};
