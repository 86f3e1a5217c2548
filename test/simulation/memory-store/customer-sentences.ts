import { Buffer } from 'node:buffer';
import type { Row } from '../../../src/store/row.ts';
import type { Values } from '../../../src/store/session.ts';
import { reservationOut } from './driver-rows.ts';
import { binary, hexAt, type Look, numberAt, parseElements, textAt } from './parameters.ts';
import type { ReservationRow } from './tables.ts';

/** `(? IS NULL OR column = ?)`: the place of the second of the two. */
const passes = (values: Values, at: number, column: string | null): boolean => {
  const value = values[at];
  if (value === null) return true;
  return column === (Buffer.isBuffer(value) ? value.toString('utf8') : value);
};

/** From `status` on the two lists take the same values. */
const listed = (rows: readonly ReservationRow[], values: Values, statusAt: number): readonly Row[] =>
  rows
    .filter(
      ({ status, reference }) => passes(values, statusAt, status) && passes(values, statusAt + 2, reference),
    )
    .toSorted((a, b) => (a.id > b.id ? -1 : 1))
    .slice(0, numberAt(values, statusAt + 4))
    .map(reservationOut);

const isBetween = (values: Values): ((row: ReservationRow) => boolean) => {
  const [before, from] = [hexAt(values, 1), hexAt(values, 2)];
  return ({ id }) => id < before && id >= from;
};

const listReservations: Look = ({ committed }, values) => {
  const show = values[3] === null ? undefined : hexAt(values, 3);
  const own = committed.reservations.group('customer', textAt(values, 0));
  const wanted = own.filter(({ show_id }) => show === undefined || show_id === show);
  return listed(wanted.filter(isBetween(values)), values, 5);
};

const listReservationsOfShow: Look = ({ committed }, values) => {
  const all = committed.reservations.group('show', hexAt(values, 0));
  return listed(all.filter(isBetween(values)), values, 3);
};

const endOf = (rows: readonly ReservationRow[], values: Values): readonly Row[] => {
  const before = hexAt(values, 1);
  const [last] = rows
    .filter(({ id }) => id < before)
    .toSorted((a, b) => (a.id > b.id ? -1 : 1))
    .slice(numberAt(values, 2));
  return last ? [{ id: binary(last.id) }] : [];
};

const findListEnd: Look = ({ committed }, values) =>
  endOf(committed.reservations.group('customer', textAt(values, 0)), values);

const findListEndOfShow: Look = ({ committed }, values) =>
  endOf(committed.reservations.group('show', hexAt(values, 0)), values);

/** As JSON_TABLE takes them: NULL for what is no number, and none of what is no JSON. */
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

const sumCustomerTotals: Look = ({ committed }, values) =>
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

export const customerSentences: Readonly<Record<string, Look>> = {
  'find-list-end': findListEnd,
  'find-list-end-of-show': findListEndOfShow,
  'list-reservations': listReservations,
  'list-reservations-of-show': listReservationsOfShow,
  'sum-customer-totals': sumCustomerTotals,
};
