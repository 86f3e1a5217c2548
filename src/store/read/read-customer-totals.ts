import { type CustomerTotals, noTotals, totalsKey } from '../../domain/customer.ts';
import type { CustomerOfShow, Lookup } from '../contract.ts';
import { isNull, numberIn, type Row, uuidIn } from '../database/columns.ts';
import { loadSql } from '../database/load-sql.ts';
import { hexOf } from '../database/parameters.ts';
import { readWithRetry } from '../database/read-with-retry.ts';
import type { Sessions } from '../database/session-pool.ts';
import { newLookup, tryDecode } from '../database/try-decode.ts';

const sumCustomerTotals = loadSql('read/sum-customer-totals');

/** One answer per pair, from one statement. */
export const readCustomerTotals = async (
  sessions: Sessions,
  pairs: readonly CustomerOfShow[],
): Promise<Lookup<string, CustomerTotals>> => {
  if (pairs.length === 0) return newLookup([]);
  const asked = JSON.stringify(pairs.map(({ showId, customerId }) => [hexOf(showId), customerId]));
  const rows = await readWithRetry(sessions, (session) => session.rows(sumCustomerTotals, [asked]));
  const found = new Map(rows.map((row) => [numberIn(row, 'n'), row]));
  return newLookup(
    pairs.map(({ showId, customerId }, index) => {
      const key = totalsKey(showId, customerId);
      const row = found.get(index + 1);
      return [key, tryDecode('totals of a customer', () => [key, row ? totalsOf(row) : noTotals])];
    }),
  );
};

/** Throws when a reservation cannot be counted: the sum would be too small, and the customer could pass a limit. */
const totalsOf = (row: Row): CustomerTotals => {
  if (!isNull(row, 'uncounted_id'))
    throw new Error(`what reservation ${uuidIn(row, 'uncounted_id')} holds cannot be read`);
  return { places: numberIn(row, 'places'), holds: numberIn(row, 'holds') };
};
