import { binary, parseElements, type Query } from './parameters.ts';

/** As JSON_TABLE reads them: NULL for a value that is not a number, no rows for text that is not JSON. */
const parseQuantities = (lineList: string): readonly (number | null)[] => {
  try {
    const lines = JSON.parse(lineList) as unknown;
    const quantities = [lines].flat(1).map((line) => (Array.isArray(line) ? Number(line[1]) : Number.NaN));
    return quantities.length > 0 ? quantities.map((it) => (Number.isInteger(it) ? it : null)) : [null];
  } catch {
    return [null];
  }
};

const ended = new Set(['pending', 'rejected', 'cancelled', 'expired']);

const sumCustomerTotals: Query = ({ committed }, values) =>
  parseElements(values, 0).flatMap(([show, customer], index) => {
    const live = committed.reservations
      .group('customer', String(customer))
      .filter(({ show_id, status }) => show_id === show && !ended.has(status));
    if (live.length === 0) return [];
    const places = live
      .flatMap(({ line_list }) => parseQuantities(line_list))
      .reduce((sum: number, quantity) => sum + (quantity ?? 0), 0);
    const uncounted = live.find(
      ({ status, line_list }) =>
        (status !== 'held' && status !== 'confirmed') || parseQuantities(line_list).includes(null),
    );
    return {
      n: index + 1,
      places,
      holds: live.filter(({ status }) => status === 'held').length,
      uncounted_id: uncounted ? binary(uncounted.id) : null,
    };
  });

export const customerStatements: Readonly<Record<string, Query>> = {
  'sum-customer-totals': sumCustomerTotals,
};
