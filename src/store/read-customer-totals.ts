import { type CustomerTotals, noTotals, totalsKey } from '../domain/customer.ts';
import type { CustomerOfShow } from './contract.ts';
import { hexOf } from './parameter.ts';
import { read } from './read.ts';
import { numberIn, type Row } from './row.ts';
import { sentence } from './sentence.ts';
import type { Sessions } from './sessions.ts';

const sumCustomerTotals = sentence('sum-customer-totals');

/** One answer a pair, from one statement. */
export const readCustomerTotals = async (
  sessions: Sessions,
  pairs: readonly CustomerOfShow[],
): Promise<ReadonlyMap<string, CustomerTotals>> => {
  if (pairs.length === 0) return new Map();
  const asked = JSON.stringify(pairs.map(({ showId, customerId }) => [hexOf(showId), customerId]));
  const rows = await read(sessions, (session) => session.rows(sumCustomerTotals, [asked]));
  const found = new Map(rows.map((row) => [numberIn(row, 'n'), totalsOf(row)]));
  return new Map(
    pairs.map(({ showId, customerId }, index) => [
      totalsKey(showId, customerId),
      found.get(index + 1) ?? noTotals,
    ]),
  );
};

const totalsOf = (row: Row): CustomerTotals => ({
  places: numberIn(row, 'places'),
  holds: numberIn(row, 'holds'),
});
