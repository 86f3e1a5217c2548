import type { Reservation, Show } from '../../client/client.ts';
import type { CustomerRecord } from './play-customer.ts';

/** The part of a reservation that is judged. */
export interface ListedReservation extends Partial<Pick<Reservation, 'lines' | 'customerId'>> {
  readonly id: string;
  readonly status: Reservation['status'];
}

/** What was answered, and what the service reports afterwards. */
export interface Evidence {
  readonly records: ReadonlyMap<string, Readonly<CustomerRecord>>;
  /** Two answers for one key. */
  readonly split: readonly string[];
  /** Requests that were given up: each may have left a reservation. */
  readonly givenUp: number;
  /** Of those: the requests whose last attempt had no answer, and those in flight when the rehearsal ended. */
  readonly unanswered: number;
  readonly cutShort: number;
  /** Answers by status. */
  readonly answers: Readonly<Record<string, number>>;
  /** The first answers that no client can be expected to understand. */
  readonly odd: readonly string[];
  /** Samples of the show with more places held and confirmed than there are. */
  readonly oversoldSamples: readonly string[];
  /** The show after it was closed and all holds had ended. */
  readonly show: Show;
  /** All reservations of the show, as an administrator lists them. */
  readonly listed: readonly ListedReservation[];
}

export interface Finding {
  readonly promise: string;
  readonly broken: readonly string[];
}

/** Each promise that can be checked from outside, and where it was broken. */
export const checkPromises = (evidence: Evidence): readonly Finding[] => [
  { promise: 'never oversold', broken: [...evidence.oversoldSamples, ...oversold(evidence)] },
  { promise: 'all that was accepted is decided', broken: undecided(evidence) },
  { promise: 'told is what holds', broken: pairsOf(evidence).flatMap(contradicted) },
  { promise: 'who confirms in time has confirmed', broken: pairsOf(evidence).flatMap(expiredInTime) },
  { promise: 'nobody has what they did not ask for', broken: pairsOf(evidence).flatMap(tooMuch) },
  { promise: 'the show counts as its customers do', broken: miscounted(evidence) },
  { promise: 'one key, one reservation', broken: [...evidence.split, ...strangers(evidence)] },
  { promise: 'no answer was 5xx', broken: serverErrors(evidence) },
  { promise: 'every request was answered, and as the guide says', broken: unanswered(evidence) },
];

const placesIn = (lines: ListedReservation['lines'], poolId: string): number =>
  (lines ?? []).reduce((sum, line) => sum + (line.poolId === poolId ? line.quantity : 0), 0);

const takenOf = (reservations: readonly ListedReservation[], poolId: string): number =>
  reservations.reduce((sum, { lines }) => sum + placesIn(lines, poolId), 0);

/** A message when more places of a pool are taken than it has. */
export const oversoldText = (show: Show): readonly string[] =>
  show.pools
    .filter(({ held, confirmed, capacity }) => held + confirmed > capacity)
    .map(
      ({ id, held, confirmed, capacity }) =>
        `${id} had ${held} held and ${confirmed} confirmed of ${capacity} at ${show.asOf}`,
    );

const oversold = ({ show, listed }: Evidence): readonly string[] => {
  const taking = listed.filter(({ status }) => status === 'held' || status === 'confirmed');
  return [
    ...oversoldText(show),
    ...show.pools.flatMap(({ id, capacity }) => {
      const taken = takenOf(taking, id);
      return taken > capacity ? [`${id}: reservations for ${taken} of ${capacity} places`] : [];
    }),
  ];
};

const undecided = ({ records, listed, show }: Evidence): readonly string[] => {
  const decided = new Set(listed.filter(({ status }) => status !== 'pending').map(({ id }) => id));
  return [
    ...[...records.keys()].filter((id) => !decided.has(id)).map((id) => `${id} has no decision`),
    ...show.pools
      .filter(({ held }) => held > 0)
      .map(({ id, held }) => `${id} still has ${held} held, long after the last hold had to lapse`),
  ];
};

interface Pair {
  readonly id: string;
  readonly record: Readonly<CustomerRecord>;
  readonly reservation: ListedReservation;
}

const pairsOf = ({ records, listed }: Evidence): readonly Pair[] =>
  listed.flatMap((reservation) => {
    const known = records.get(reservation.id);
    return known ? [{ id: reservation.id, record: known, reservation }] : [];
  });

/** A hold may have lapsed since it was answered; a final status must stay. */
const contradicted = ({ id, record, reservation: { status } }: Pair): readonly string[] => {
  const isFinal =
    record.status === 'confirmed' || record.status === 'cancelled' || record.status === 'rejected';
  return isFinal && record.status !== status ? [`${id} was ${record.status}, and is ${status}`] : [];
};

/** The confirm must count however long the queue was: it arrived before the hold ended. */
const expiredInTime = ({ id, record, reservation: { status } }: Pair): readonly string[] =>
  record.isInTime && status === 'expired' ? [`${id} was confirmed in time, and has expired`] : [];

const tooMuch = ({ id, record, reservation }: Pair): readonly string[] => {
  const { status, customerId, lines } = reservation;
  if (customerId !== undefined && customerId !== record.customer)
    return [`${id} of ${record.customer} is ${customerId}’s`];
  if (status !== 'confirmed') return [];
  if (record.confirm === undefined) return [`${id} is confirmed, and nobody confirmed it`];
  const more = (lines ?? []).filter(
    ({ poolId, quantity }) => quantity !== placesIn([...record.lines], poolId),
  );
  return more.map(
    ({ poolId, quantity }) => `${id} has ${quantity} of ${poolId}, which is not what was asked for`,
  );
};

/** The lower bound counts confirms whose outcome is certain; the upper one adds those whose outcome is unknown. */
const miscounted = ({ records, show, listed }: Evidence): readonly string[] => {
  const all = [...records.values()];
  const certain = all.filter(({ status }) => status === 'confirmed');
  const possible = all.filter(({ confirm }) => confirm === 'sent');
  const confirmed = listed.filter(({ status }) => status === 'confirmed');
  return show.pools.flatMap((pool) => {
    const [least, more] = [certain, possible].map((some) =>
      some.reduce((sum, { lines }) => sum + placesIn([...lines], pool.id), 0),
    );
    const most = (least ?? 0) + (more ?? 0);
    const inList = takenOf(confirmed, pool.id);
    const broken: string[] = [];
    if (pool.confirmed < (least ?? 0) || pool.confirmed > most)
      broken.push(
        `${pool.id}: the show says ${pool.confirmed} confirmed, its customers were told ${rangeText(least ?? 0, most)}`,
      );
    if (pool.confirmed !== inList)
      broken.push(
        `${pool.id}: the show says ${pool.confirmed} confirmed, its reservations come to ${inList}`,
      );
    return broken;
  });
};

const rangeText = (least: number, most: number): string =>
  least === most ? String(least) : `${least} to ${most}`;

/** Reservations that no answer named, beyond those whose answer was lost. */
const strangers = ({ listed, records, givenUp }: Evidence): readonly string[] => {
  const unknown = listed.filter(({ id }) => !records.has(id));
  return unknown.length > givenUp
    ? [
        `${unknown.length} reservations that no answer named, though only ${givenUp} answers never came: ${unknown[0]?.id} and others`,
      ]
    : [];
};

const serverErrors = ({ answers }: Evidence): readonly string[] =>
  Object.entries(answers)
    .filter(([name]) => name.startsWith('5'))
    .map(([name, count]) => `${count} answers were ${name}`);

/** A request that got 429 or 503 each time was answered; it is counted elsewhere. */
const unanswered = ({ unanswered: lost, cutShort, odd }: Evidence): readonly string[] => [
  ...(lost > 0 ? [`${lost} requests for places had no answer, however often they were sent`] : []),
  ...(cutShort > 0
    ? [`${cutShort} requests for places were still without an answer when the rehearsal stopped waiting`]
    : []),
  ...odd,
];
