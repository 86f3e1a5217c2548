import { createHash } from 'node:crypto';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import type { Finding, Invariant } from '../../src/audit/contract.ts';
import { audit } from '../support/audit.ts';
import type { History, KnownReservation } from './history.ts';
import { partitions, type ServerUrls } from './world.ts';

/** What the audit found, by the invariant that it breaks. Empty lists: every promise was kept. */
export interface Judgement {
  readonly verdict: 'kept' | 'broken';
  readonly findings: Readonly<Record<Exclude<Invariant, 'unfenced'>, readonly Finding[]>>;
  readonly looked: Readonly<Record<string, number>>;
}

interface Decided {
  /** Statuses of reservations by id. */
  readonly reservations: ReadonlyMap<string, string>;
  readonly keyHashes: ReadonlySet<string>;
}

/** Reads servers and history beside each other. To be asked when everything that was accepted has been decided. */
export const judge = async (urls: ServerUrls, history: History): Promise<Judgement> => {
  const decided = await readDecided(urls.databaseUrl);
  const { faults, ...counts } = await audit({ ...urls, partitions });
  const known = [...history.reservations.values()];
  const findings = {
    oversold: named(faults.oversold, 'sold beyond its capacity'),
    lost: [
      ...named(faults.undecided, 'on the stream and undecided'),
      ...lost(known, decided),
      ...lostKeys(history, decided),
    ],
    undersold: named(faults.undersold, 'refused while there was room'),
    // A stream that was rolled back holds a repeated request where it came the second time.
    'out-of-order': named(
      faults.outOfOrder.filter((what) => !what.includes('not where it first stood')),
      'decided before what stood in front of it',
    ),
    duplicated: [...named(faults.decidedTwice, 'decided twice'), ...soldTwice(known, decided)],
    disagreeing: [
      ...named(faults.disagreements, 'not what the journal says'),
      ...toldOtherwise(known, decided),
    ],
  };
  return {
    verdict: Object.values(findings).every((found) => found.length === 0) ? 'kept' : 'broken',
    findings,
    looked: {
      partitions,
      entries: counts.onStream,
      decisions: counts.decisions,
      parked: counts.parked,
      reservations: decided.reservations.size,
      shows: counts.confirmedByShow.size,
      operations: known.length + history.acknowledged.size,
    },
  };
};

const named = (abouts: readonly string[], what: string): readonly Finding[] =>
  abouts.map((about) => ({ about, what }));

const readDecided = async (databaseUrl: string): Promise<Decided> => {
  const connection = await createConnection(databaseUrl);
  const rows = async (sql: string): Promise<readonly RowDataPacket[]> =>
    (await connection.query<RowDataPacket[]>(sql))[0];
  try {
    const reservations = await rows('SELECT LOWER(HEX(id)) AS id, status FROM reservations');
    const keys = await rows('SELECT LOWER(HEX(key_hash)) AS hash FROM request_keys');
    return {
      reservations: new Map(reservations.map(({ id, status }) => [String(id), String(status)])),
      keyHashes: new Set(keys.map(({ hash }) => String(hash))),
    };
  } finally {
    await connection.end();
  }
};

const statusOf = ({ id }: KnownReservation, { reservations }: Decided): string | undefined =>
  reservations.get(id.replaceAll('-', ''));

const lost = (known: readonly KnownReservation[], decided: Decided): readonly Finding[] =>
  known
    .filter((reservation) => reservation.end === 'ok' && statusOf(reservation, decided) === undefined)
    .map(({ id }) => ({ about: id, what: 'accepted, and there is no decision' }));

/** Whose request it was is not told to clients, but what they called it is kept with the decision. */
const lostKeys = ({ acknowledged }: History, { keyHashes }: Decided): readonly Finding[] =>
  [...acknowledged]
    .filter(([key, { customer, verb }]) => isFollowUp(verb) && !keyHashes.has(hashOf(customer, key)))
    .map(([key]) => ({ about: key, what: 'acknowledged, and there is no decision with this key' }));

const isFollowUp = (verb: string): boolean => verb !== 'open' && verb !== 'reserve';

const hashOf = (customer: string, key: string): string =>
  createHash('sha256')
    .update(JSON.stringify(['customer', customer, key]))
    .digest('hex')
    .slice(0, 32);

const soldTwice = (known: readonly KnownReservation[], decided: Decided): readonly Finding[] => {
  const seen = new Set<string>();
  const findings: Finding[] = [];
  for (const reservation of known) {
    const status = statusOf(reservation, decided);
    if (reservation.key === undefined || status === undefined || status === 'rejected') continue;
    if (seen.has(reservation.key))
      findings.push({ about: reservation.key, what: 'one key, two reservations' });
    seen.add(reservation.key);
  }
  return findings;
};

/** Statuses that what was told last may have become without anybody asking. */
const becomes: Readonly<Record<string, readonly string[]>> = { held: ['held', 'expired'] };

const toldOtherwise = (known: readonly KnownReservation[], decided: Decided): readonly Finding[] =>
  known.flatMap((reservation) => {
    const { id, told } = reservation;
    const status = statusOf(reservation, decided);
    if (told === undefined || status === undefined) return [];
    const isSo = (becomes[told] ?? [told]).includes(status);
    return isSo ? [] : [{ about: id, what: `told ${told}, and it is ${status}` }];
  });
