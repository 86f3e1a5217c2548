import type { Buffer } from 'node:buffer';
import type { JournalEntry } from '../../domain/decisions.ts';
import { bytesIn, numberIn, type Row, textIn } from '../database/columns.ts';
import { loadSql } from '../database/load-sql.ts';
import { afterAllIds, beforeAllIds, hexOf } from '../database/parameters.ts';
import { keysFreeUntilMs } from '../rows/request-key-age.ts';
import { addDifference, type Difference } from './differences.ts';
import { type JournalRange, readRange } from './replay.ts';
import { type ReadTable, readTables, shadowName } from './table-names.ts';
import { paced, type RebuildRun } from './work.ts';

const findBound = loadSql('rebuild/find-bound');
const sumRows = loadSql('rebuild/sum-rows');
const listKeys = loadSql('rebuild/list-keys');
const findDifferences = loadSql('rebuild/find-differences');

const CHUNK_ROWS = 2_000;
const KEYS_AT_ONCE = 500;
/** Comparing a row costs about a tenth of replaying it. */
const ROWS_A_DECISION = 10;

/** The statements that compare one table with its shadow. */
interface TableComparison {
  readonly table: ReadTable;
  readonly fill: (pattern: string, name?: string) => string;
}

/** HEX shows every byte of every type, and no value looks like a null. */
const sumOf = ({ columns }: ReadTable): string => {
  const shown = columns.map((column) => `COALESCE(HEX(t.${column}), '-')`).join(', ');
  return `CAST(CONV(LEFT(SHA1(CONCAT_WS(',', ${shown})), 16), 16, 10) AS UNSIGNED)`;
};

/** A key that is too old to count may exist in one table only, because any process may have deleted it. */
const comparisons = async ({ session }: RebuildRun): Promise<readonly TableComparison[]> => {
  const freeUntilMs = await keysFreeUntilMs(session);
  return readTables.map((table) => {
    const counted = table.subject === 'request key' ? `t.made_at_ms > ${freeUntilMs}` : 'TRUE';
    const words = { key: table.key, shadow: shadowName(table.name), sum: sumOf(table), counted };
    return {
      table,
      fill: (pattern, name = table.name) =>
        Object.entries({ ...words, table: name }).reduce(
          (sql, [word, value]) => sql.replaceAll(`{${word}}`, value),
          pattern,
        ),
    };
  });
};

/**
 * Compares every row of every table: chunks by their checksums, and rows only where the checksums of a chunk
 * differ.
 */
export const compareAll = async (work: RebuildRun): Promise<void> => {
  for (const comparison of await comparisons(work)) {
    let rows = 0;
    for (let after: Buffer = beforeAllIds; !after.equals(afterAllIds); ) {
      const beganMs = work.clock.monotonicMs();
      const chunk = { after, upTo: await boundOf(work, comparison, after) };
      rows += await compareChunk(work, comparison, chunk);
      await work.report({ type: 'comparing', table: comparison.table.name, rows });
      await paced(work, CHUNK_ROWS / ROWS_A_DECISION, work.clock.monotonicMs() - beganMs);
      after = chunk.upTo;
    }
  }
};

interface Chunk {
  readonly after: Buffer;
  readonly upTo: Buffer;
}

/** The end of the next chunk. The last chunk ends at the greatest possible key, to include rows that only the live table has. */
const boundOf = async (
  { session }: RebuildRun,
  { table, fill }: TableComparison,
  after: Buffer,
): Promise<Buffer> => {
  const sql = fill(findBound, shadowName(table.name));
  const [row] = await session.rows(sql, [after, String(CHUNK_ROWS - 1)]);
  return row ? bytesIn(row, 'bound') : afterAllIds;
};

/** Resolves to the number of rows in the new table. */
const compareChunk = async (
  work: RebuildRun,
  comparison: TableComparison,
  { after, upTo }: Chunk,
): Promise<number> => {
  const { table, fill } = comparison;
  const sumIn = async (name: string): Promise<readonly [rows: number, checksum: string]> => {
    const [row] = await work.session.rows(fill(sumRows, name), [after, upTo]);
    return row ? [numberIn(row, 'row_count'), String(row['checksum'])] : [0, ''];
  };
  const [liveRows, liveSum] = await sumIn(table.name);
  const [newRows, newSum] = await sumIn(shadowName(table.name));
  if (liveRows !== newRows || liveSum !== newSum) await compareRows(work, comparison, { after, upTo });
  return newRows;
};

const compareRows = async (
  work: RebuildRun,
  comparison: TableComparison,
  { after, upTo }: Chunk,
): Promise<void> => {
  for (let from: Buffer | undefined = after; from; ) {
    const values = [from, upTo, from, upTo, String(KEYS_AT_ONCE)];
    const rows = await work.session.rows(comparison.fill(listKeys), values);
    const keys: readonly Buffer[] = rows.map((row) => bytesIn(row, 'found'));
    await compareKeys(
      work,
      comparison,
      keys.map((key) => key.toString('hex')),
    );
    work.signal.throwIfAborted();
    from = keys.length < KEYS_AT_ONCE ? undefined : keys.at(-1);
  }
};

/** Compares the rows that the decisions in these ranges are about, one page of the journal at a time. */
export const compareTouched = async (work: RebuildRun, ranges: readonly JournalRange[]): Promise<void> => {
  const all = await comparisons(work);
  for (const { partition, after, upTo } of ranges) {
    for (let from: number | undefined = after; from !== undefined; ) {
      const entries: readonly JournalEntry[] = await readRange(work.session, {
        partition,
        after: from,
        upTo,
      });
      for (const comparison of all) {
        const keys = new Set(entries.flatMap((entry) => keyTouched(comparison.table, entry) ?? []));
        await compareKeys(work, comparison, [...keys]);
      }
      from = entries.at(-1)?.position;
    }
  }
};

const keyTouched = ({ subject }: ReadTable, { decision, key }: JournalEntry): string | undefined => {
  switch (subject) {
    case 'show':
      return decision.showId && hexOf(decision.showId);
    case 'reservation':
      return 'reservationId' in decision && decision.reservationId
        ? hexOf(decision.reservationId)
        : undefined;
    case 'request key':
      return key?.hash;
  }
};

const compareKeys = async (
  work: RebuildRun,
  { table, fill }: TableComparison,
  keys: readonly string[],
): Promise<void> => {
  if (keys.length === 0) return;
  const rows = await work.session.rows(fill(findDifferences), [JSON.stringify(keys)]);
  for (const row of rows) addDifference(work.differences, differenceOf(table, row));
};

const differenceOf = ({ name, subject }: ReadTable, row: Row): Difference => ({
  table: name,
  key: subject === 'request key' ? textIn(row, 'id') : uuidOf(textIn(row, 'id')),
  what: hasNone(row, 'live_rows') ? 'missing' : hasNone(row, 'new_rows') ? 'left over' : 'different',
});

const hasNone = (row: Row, column: string): boolean => textIn(row, column).startsWith('0 ');

/** Not parsed as an id, because a row that was edited by hand may contain anything. */
const uuidOf = (hex: string): string => hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
