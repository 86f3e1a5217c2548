import { isDeepStrictEqual } from 'node:util';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import type { JournalEntry } from '../../src/domain/decisions.ts';
import type { ShowLedger } from '../../src/domain/ledger.ts';
import type { Reservation } from '../../src/domain/reservation.ts';
import { journalEntryOf } from '../../src/store/journal-row.ts';
import { ledgersOf } from '../../src/store/ledger-row.ts';
import { reservationOf } from '../../src/store/reservation-row.ts';
import type { Row } from '../../src/store/row.ts';
import type { Replay } from './replay.ts';

/** All there is in the database. */
export interface Tables {
  readonly journal: readonly { readonly partition: number; readonly entry: JournalEntry }[];
  readonly reservations: readonly Reservation[];
  readonly ledgers: readonly ShowLedger[];
  /** When each live hold lapses, by its reservation's id in hex. */
  readonly holds: ReadonlyMap<string, number>;
  /** Positions by partition of decisions about a reservation that its own request did not ask for. */
  readonly laterDecisions: ReadonlySet<string>;
  /** Request ids in hex by key hash. */
  readonly keys: ReadonlyMap<string, string>;
  /** Stream ids. */
  readonly parked: ReadonlySet<string>;
}

const showSentence = `
  SELECT s.id, s.name AS show_name, s.revision, s.opened_at_ms, s.rules, p.*
  FROM shows AS s JOIN pools AS p ON p.show_id = s.id ORDER BY s.id, p.ordinal`;

export const readTables = async (databaseUrl: string): Promise<Tables> => {
  const connection = await createConnection({
    uri: databaseUrl,
    supportBigNumbers: true,
    bigNumberStrings: true,
  });
  const rows = async (sql: string): Promise<readonly Row[]> =>
    (await connection.query<RowDataPacket[]>(sql))[0];
  try {
    const journal = await rows('SELECT * FROM journal ORDER BY partition_id, position');
    const holds = await rows('SELECT LOWER(HEX(reservation_id)) AS id, expires_at_ms FROM holds');
    const later = await rows(
      "SELECT CONCAT(partition_id, '/', position) AS place FROM reservation_decisions",
    );
    const keys = await rows(
      'SELECT LOWER(HEX(key_hash)) AS hash, LOWER(HEX(request_id)) AS id FROM request_keys',
    );
    const parked = await rows("SELECT CONCAT(stream_ms, '-', stream_seq) AS stream_id FROM parked");
    return {
      journal: journal.map((row) => ({ partition: Number(row['partition_id']), entry: journalEntryOf(row) })),
      reservations: (await rows('SELECT * FROM reservations')).map(reservationOf),
      ledgers: ledgersOf(await rows(showSentence)),
      holds: new Map(holds.map((row) => [String(row['id']), Number(row['expires_at_ms'])])),
      laterDecisions: new Set(later.map((row) => String(row['place']))),
      keys: new Map(keys.map((row) => [String(row['hash']), String(row['id'])])),
      parked: new Set(parked.map((row) => String(row['stream_id']))),
    };
  } finally {
    await connection.end();
  }
};

const hexOf = (id: string): string => id.replaceAll('-', '');

/** Where a table is not what replaying the journal gives. */
export const disagreements = (tables: Tables, replay: Replay): readonly string[] => [
  ...differences('show', tables.ledgers.map(byShow), replay.ledgers),
  ...differences(
    'reservation',
    // A pending one is parked: the journal does not know it.
    tables.reservations.filter(({ status }) => status !== 'pending').map(byId),
    replay.reservations,
  ),
  ...differences('hold', tables.holds, new Map([...replay.reservations.values()].flatMap(liveHold))),
  ...differences('later decision', [...tables.laterDecisions].map(asPair), laterDecisionsOf(tables)),
  ...differences('key', tables.keys, keysOf(tables)),
];

type Pair = readonly [string, unknown];

const byShow = (ledger: ShowLedger): Pair => [ledger.showId, ledger];
const byId = (reservation: Reservation): Pair => [reservation.id, reservation];
const asPair = (text: string): Pair => [text, true];

const liveHold = ({ id, status, expiresAtMs }: Reservation): readonly Pair[] =>
  status === 'held' ? [[hexOf(id), expiresAtMs]] : [];

const laterDecisionsOf = ({ journal }: Tables): ReadonlyMap<string, unknown> =>
  new Map(
    journal.flatMap(({ partition, entry: { decision, requestId, position } }): readonly Pair[] => {
      const about = 'reservationId' in decision ? decision.reservationId : undefined;
      return about === undefined || about === requestId ? [] : [asPair(`${partition}/${position}`)];
    }),
  );

/** Tests do not run for the 24 hours after which a key is forgotten. */
const keysOf = ({ journal }: Tables): ReadonlyMap<string, unknown> =>
  new Map(
    journal.flatMap(({ entry: { key, requestId } }): readonly Pair[] =>
      key && requestId ? [[key.hash, hexOf(requestId)]] : [],
    ),
  );

const differences = (
  what: string,
  table: Iterable<Pair>,
  journal: ReadonlyMap<string, unknown>,
): readonly string[] => {
  const there = new Map(table);
  const names = new Set([...there.keys(), ...journal.keys()]);
  return [...names]
    .filter((name) => !isDeepStrictEqual(there.get(name), journal.get(name)))
    .map(
      (name) =>
        `${what} ${name}: ${JSON.stringify(there.get(name))}, journal ${JSON.stringify(journal.get(name))}`,
    );
};
