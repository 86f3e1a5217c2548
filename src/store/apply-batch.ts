import type { Batch } from './contract.ts';
import { asError, failureOf } from './database-error.ts';
import { journalElement } from './journal-row.ts';
import { halvesOf } from './parameter.ts';
import type { ParkedGuard } from './parked-guard.ts';
import { sentence } from './sentence.ts';
import type { Session } from './session.ts';
import type { Ending } from './transaction.ts';
import { writeParked } from './write-parked.ts';
import { insertInto } from './write-rows.ts';
import { writeTables } from './write-tables.ts';

const advancePartition = sentence('advance-partition');
const insertJournal = { sql: sentence('insert-journal'), knowingKey: 'journal_request' };

export type Applied =
  | { readonly type: 'applied' }
  | { readonly type: 'fenced' }
  | { readonly type: 'duplicate' }
  | { readonly type: 'refused'; readonly error: Error };

/** Everything a batch changes, in its transaction; the caller commits. Throws what only another try can answer. */
export const applyBatch = async (
  session: Session,
  batch: Batch,
  guard: Pick<ParkedGuard, 'finds'>,
): Promise<Ending<Applied>> => {
  try {
    if (!(await advance(session, batch))) return { end: 'rollback', value: { type: 'fenced' } };
    if (await guard.finds(session, batch)) return { end: 'rollback', value: { type: 'duplicate' } };
    await apply(session, batch);
    return { end: 'commit', value: { type: 'applied' } };
  } catch (error) {
    const failure = failureOf(error);
    if (failure === 'duplicate') return { end: 'rollback', value: { type: 'duplicate' } };
    if (failure === 'refused') return { end: 'rollback', value: { type: 'refused', error: asError(error) } };
    throw error;
  }
};

const advance = async (session: Session, { claim, before, after }: Batch): Promise<boolean> => {
  const matched = await session.change(advancePartition, [
    String(after.position),
    ...halvesOf(after.watermark),
    String(after.clockMs),
    String(claim.partition),
    String(claim.epoch),
    Buffer.from(claim.token, 'hex'),
    String(before.position),
  ]);
  return matched === 1;
};

/** What a batch has none of is no statement: reservations confirmed at once cost their rows and their pools. */
const apply = async (session: Session, { claim, entries, parked }: Batch): Promise<void> => {
  const { partition } = claim;
  const insert = insertInto(session, partition);
  await insert(insertJournal, entries.map(journalElement));
  await writeTables(session, partition, { entries, parked });
  await writeParked(session, partition, parked);
};
