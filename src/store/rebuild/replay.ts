import type { JournalEntry } from '../../domain/decisions.ts';
import { asError } from '../database/database-error.ts';
import { loadSql } from '../database/load-sql.ts';
import type { Session } from '../database/session.ts';
import { journalEntryOf } from '../rows/journal-row.ts';
import { keysFreeUntilMs } from '../rows/request-key-age.ts';
import { writeTables } from '../write/write-tables.ts';
import { shadowOf } from './shadow-tables.ts';
import type { RebuildRun } from './work.ts';

const listJournal = loadSql('rebuild/list-journal');

const PAGE = 1_000;

/** A range of positions in a partition's journal. */
export interface JournalRange {
  readonly partition: number;
  /** The position before the first one of the range. */
  readonly after: number;
  /** The last position of the range. */
  readonly upTo: number;
}

/** Reads the next page of decisions in a range. Empty at the end of the range. */
export const readRange = async (
  session: Session,
  { partition, after, upTo }: JournalRange,
): Promise<readonly JournalEntry[]> => {
  const values = [String(partition), String(after), String(upTo), String(PAGE)];
  return (await session.rows(listJournal, values)).map(journalEntryOf);
};

/** Writes one page into the new tables, within the open transaction. Resolves to its number of decisions. */
export const replayPage = async (work: RebuildRun, range: JournalRange): Promise<number> => {
  const { session, replayed } = work;
  const { partition, upTo } = range;
  const entries = await readRange(session, range);
  if (entries.length > 0) {
    const freeUntilMs = await keysFreeUntilMs(session);
    const counting = entries.map((entry) => withoutOldKey(entry, freeUntilMs));
    await writeTables(shadowOf(session), [{ partition, entries: counting, parked: [] }]).catch((error) => {
      throw unreplayable(range, error);
    });
  }
  // Positions may have gaps: a batch that only parks entries takes one.
  const last = entries.length < PAGE ? upTo : (entries.at(-1)?.position ?? upTo);
  replayed.set(partition, last);
  work.count += entries.length;
  return entries.length;
};

const unreplayable = ({ partition, after }: JournalRange, error: unknown): Error =>
  new Error(
    `the journal of partition ${partition} cannot be replayed after position ${after}: ${asError(error).message}`,
    { cause: error },
  );

/**
 * An idempotency key that is too old to count may belong to another request by now, even to one of another
 * partition, so such keys are not restored.
 */
const withoutOldKey = (entry: JournalEntry, freeUntilMs: number): JournalEntry => {
  if (entry.decidedAtMs > freeUntilMs) return entry;
  const { key: _free, ...rest } = entry;
  return rest;
};
