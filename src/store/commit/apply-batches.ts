import type { Batch } from '../contract.ts';
import { asError, failureOf } from '../database/database-error.ts';
import type { RowValues } from '../database/insert-text.ts';
import { loadSql } from '../database/load-sql.ts';
import { halvesOf } from '../database/parameters.ts';
import type { Session } from '../database/session.ts';
import type { Ending } from '../database/transaction.ts';
import { insertJournal } from '../write/insert-journal.ts';
import { rowsOf } from '../write/prepared-inserts.ts';
import { writeParked } from '../write/write-parked.ts';
import { insertInto } from '../write/write-rows.ts';
import { writeTables } from '../write/write-tables.ts';
import { isOnClaimsServer } from './on-claims-server.ts';
import type { ParkedGuard } from './parked-guard.ts';

const advancePartitions = loadSql('commit/advance-partitions');

/** Any result but "applied" is caused by one of the batches; applying each alone shows by which. */
export type ApplyResult =
  | { readonly type: 'applied' }
  | { readonly type: 'fenced' }
  | { readonly type: 'duplicate' }
  | { readonly type: 'refused'; readonly error: Error };

/**
 * Writes everything that batches of different partitions change, in one transaction; the caller commits. Throws errors that
 * only another try can resolve.
 */
export const applyBatches = async (
  session: Session,
  batches: readonly Batch[],
  guard: Pick<ParkedGuard, 'finds'>,
): Promise<Ending<ApplyResult>> => {
  if (!batches.every(({ claim }) => isOnClaimsServer(session, claim)))
    return { end: 'rollback', value: { type: 'fenced' } };
  try {
    if (!(await advance(session, batches))) return { end: 'rollback', value: { type: 'fenced' } };
    for (const batch of batches)
      if (await guard.finds(session, batch)) return { end: 'rollback', value: { type: 'duplicate' } };
    await apply(session, batches);
    return { end: 'commit', value: { type: 'applied' } };
  } catch (error) {
    const failure = failureOf(error);
    if (failure === 'duplicate') return { end: 'rollback', value: { type: 'duplicate' } };
    if (failure === 'refused') return { end: 'rollback', value: { type: 'refused', error: asError(error) } };
    throw error;
  }
};

const advance = async (session: Session, batches: readonly Batch[]): Promise<boolean> =>
  (await session.change(advancePartitions, [JSON.stringify(batches.map(advanceValues))])) === batches.length;

const advanceValues = ({ claim, before, after }: Batch): RowValues => [
  claim.partition,
  claim.epoch,
  claim.token,
  before.position,
  after.position,
  ...halvesOf(after.watermark),
  after.clockMs,
  after.judgedMs,
];

/**
 * A table that no batch changes costs no statement. For example, reservations that are confirmed at once need
 * none for holds.
 */
const apply = async (session: Session, batches: readonly Batch[]): Promise<void> => {
  const parts = batches.map(({ claim: { partition }, entries, parked }) => ({ partition, entries, parked }));
  await insertInto(session)(insertJournal, rowsOf(insertJournal, parts));
  await writeTables(session, parts);
  await writeParked(session, parts);
};
