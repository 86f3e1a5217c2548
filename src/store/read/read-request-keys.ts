import type { KnownKey, Lookup } from '../contract.ts';
import { bytesIn, type Row, requestIdIn } from '../database/columns.ts';
import { loadSql } from '../database/load-sql.ts';
import { readWithRetry } from '../database/read-with-retry.ts';
import type { Sessions } from '../database/session-pool.ts';
import { newLookup, tryDecode } from '../database/try-decode.ts';
import { keysFreeUntilMs } from '../rows/request-key-age.ts';

const findRequestKeys = loadSql('read/find-request-keys');

export const readRequestKeys = async (
  sessions: Sessions,
  hashes: readonly string[],
): Promise<Lookup<string, KnownKey>> => {
  if (hashes.length === 0) return newLookup([]);
  const asked = JSON.stringify([...new Set(hashes)]);
  const rows = await readWithRetry(sessions, async (session) => {
    const freeUntil = String(await keysFreeUntilMs(session));
    return session.rows(findRequestKeys, [asked, freeUntil]);
  });
  return newLookup(
    rows.map((row) => {
      const hash = hexIn(row, 'key_hash');
      return [hash, tryDecode(`request key ${hash}`, () => [hash, knownKeyOf(row)])];
    }),
  );
};

const knownKeyOf = (row: Row): KnownKey => ({
  requestId: requestIdIn(row, 'request_id'),
  fingerprint: hexIn(row, 'fingerprint'),
});

const hexIn = (row: Row, column: string): string => bytesIn(row, column).toString('hex');
