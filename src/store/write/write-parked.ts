import type { RequestId } from '../../domain/ids.ts';
import type { ParkedEntry } from '../contract.ts';
import { numberIn, requestIdIn } from '../database/columns.ts';
import { loadSql } from '../database/load-sql.ts';
import { hexOf } from '../database/parameters.ts';
import type { Session } from '../database/session.ts';
import { parkedValues } from '../rows/parked-row.ts';
import { insertInto, rowValuesOf } from './write-rows.ts';

const insertParked = { sql: loadSql('write/insert-parked') };
const countAttempts = loadSql('write/count-attempts');

/**
 * Writes rows of entries that are parked. The attempts of an entry that was sent again and is parked again
 * continue from the earlier count.
 */
export const writeParked = async (
  session: Session,
  parts: readonly { readonly partition: number; readonly parked: readonly ParkedEntry[] }[],
): Promise<void> => {
  const parked = parts.flatMap((part) => part.parked);
  if (parked.length === 0) return;
  const before = await attemptsBefore(session, parked);
  const counted = (entry: ParkedEntry): ParkedEntry => ({
    ...entry,
    attempts: entry.attempts + ((entry.requestId && before.get(entry.requestId)) ?? 0),
  });
  await insertInto(session)(
    insertParked,
    rowValuesOf(parts, (part) => part.parked.map((entry) => parkedValues(counted(entry)))),
  );
};

const attemptsBefore = async (
  session: Session,
  parked: readonly ParkedEntry[],
): Promise<ReadonlyMap<RequestId, number>> => {
  const ids = parked.flatMap(({ requestId }) => (requestId ? hexOf(requestId) : []));
  if (ids.length === 0) return new Map();
  const rows = await session.rows(countAttempts, [JSON.stringify([...new Set(ids)])]);
  return new Map(rows.map((row) => [requestIdIn(row, 'request_id'), numberIn(row, 'attempts')]));
};
