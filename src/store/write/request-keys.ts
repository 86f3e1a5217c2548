import type { JournalEntry } from '../../domain/decisions.ts';
import { failureOf } from '../database/database-error.ts';
import type { RowValues } from '../database/insert-text.ts';
import { loadSql } from '../database/load-sql.ts';
import { hexOf } from '../database/parameters.ts';
import type { Session } from '../database/session.ts';
import { keysFreeUntilMs } from '../rows/request-key-age.ts';
import { inChunks } from './write-rows.ts';

const insertSql = loadSql('write/insert-request-keys');
const deleteOldRequestKeys = loadSql('write/delete-old-request-keys');

/**
 * Throws the server's error 1062 when a key belongs to another request. Old keys are deleted only after such
 * an error, so that new keys cost one statement per batch.
 */
export const insertRequestKeys = async (
  session: Session,
  entries: readonly JournalEntry[],
): Promise<void> => {
  const rows = entries.flatMap(({ key, requestId, decidedAtMs }) =>
    key && requestId ? [[key.hash, hexOf(requestId), key.fingerprint, decidedAtMs]] : [],
  );
  try {
    await insert(session, rows);
  } catch (error) {
    // The server rolled back this statement only; the transaction goes on.
    if (failureOf(error) !== 'duplicate') throw error;
    const hashes = JSON.stringify(entries.flatMap(({ key }) => key?.hash ?? []));
    const freed = await session.change(deleteOldRequestKeys, [
      hashes,
      String(await keysFreeUntilMs(session)),
    ]);
    if (freed === 0) throw error;
    await insert(session, rows);
  }
};

const insert = (session: Session, rows: readonly RowValues[]): Promise<number> =>
  inChunks(rows, (chunk) => session.insert(insertSql, chunk));
