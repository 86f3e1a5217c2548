import { createHash } from 'node:crypto';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { audit } from '../../src/audit/audit.ts';
import type { AuditReport, Finding, Invariant, Operation } from '../../src/audit/contract.ts';
import { openAuditSource } from '../../src/cli/verify/audit-source.ts';
import { parseRequestId, type RequestId } from '../../src/domain/ids.ts';
import { newLogger } from '../../src/telemetry/logger.ts';
import type { History, KnownReservation } from './history.ts';
import type { ServerUrls } from './world.ts';

/** The findings of the audit, by broken invariant. Empty lists: every promise was kept. */
export interface Judgement {
  readonly verdict: 'kept' | 'broken';
  readonly findings: Readonly<Record<Invariant, readonly Finding[]>>;
  readonly looked: AuditReport['looked'];
}

interface DecidedState {
  /** Statuses of reservations by id. */
  readonly reservations: ReadonlyMap<string, string>;
  /** Requests by the hash of their key. */
  readonly requests: ReadonlyMap<string, RequestId>;
}

/**
 * Compares the servers with the history: the auditor's checks, and those that need the clients' knowledge. To
 * be called once everything that was accepted has been decided.
 */
export const judge = async (urls: ServerUrls, history: History): Promise<Judgement> => {
  const decided = await readDecided(urls.databaseUrl);
  const report = await audited(urls, history, decided);
  const known = [...history.reservations.values()];
  const of = (invariant: Invariant): readonly Finding[] => report.findings[invariant].named;
  const findings = {
    oversold: of('oversold'),
    lost: [...of('lost'), ...lostKeys(history, decided)],
    undersold: of('undersold'),
    'over-limit': of('over-limit'),
    untimely: of('untimely'),
    'out-of-order': of('out-of-order'),
    duplicated: [...of('duplicated'), ...soldTwice(known, decided)],
    disagreeing: [...of('disagreeing'), ...toldOtherwise(known, decided)],
    unfenced: of('unfenced'),
  };
  return {
    verdict: Object.values(findings).every((found) => found.length === 0) ? 'kept' : 'broken',
    findings,
    looked: report.looked,
  };
};

const audited = async (urls: ServerUrls, history: History, decided: DecidedState): Promise<AuditReport> => {
  const logger = newLogger({ level: 'silent', roles: ['chaos'] });
  const { source, close } = await openAuditSource({ ...urls, logger });
  try {
    return await audit(source, [
      ...[...history.reservations.values()].map(operationOf),
      ...arrivals(history, decided),
    ]);
  } finally {
    await close();
  }
};

/**
 * Answers are checked here: a client knows its last answer, while the auditor only knows what was true at
 * some time.
 */
const operationOf = ({ id, end }: KnownReservation): Operation => {
  const requestId = parseRequestId(id);
  if (!requestId) throw new Error(`a client was given ${id}, which is no id`);
  return { requestId, end };
};

/** Clients do not learn the request's id, but their own key is stored with the decision. */
const arrivals = ({ acknowledged }: History, { requests }: DecidedState): readonly Operation[] =>
  [...acknowledged].flatMap(([key, { customer, verb, atMs }]): readonly Operation[] => {
    const requestId = isFollowUp(verb) && requests.get(hashOf(customer, key));
    return requestId ? [{ requestId, end: 'ok', arrivedByMs: atMs }] : [];
  });

const readDecided = async (databaseUrl: string): Promise<DecidedState> => {
  const connection = await createConnection(databaseUrl);
  const rows = async (sql: string): Promise<readonly RowDataPacket[]> =>
    (await connection.query<RowDataPacket[]>(sql))[0];
  try {
    const reservations = await rows('SELECT LOWER(HEX(id)) AS id, status FROM reservations');
    const keys = await rows(
      'SELECT LOWER(HEX(key_hash)) AS hash, LOWER(HEX(request_id)) AS id FROM request_keys',
    );
    return {
      reservations: new Map(reservations.map(({ id, status }) => [String(id), String(status)])),
      requests: new Map(
        keys.flatMap(({ hash, id }) => {
          const requestId = parseRequestId(dashed(String(id)));
          return requestId ? [[String(hash), requestId] as const] : [];
        }),
      ),
    };
  } finally {
    await connection.end();
  }
};

const statusOf = ({ id }: KnownReservation, { reservations }: DecidedState): string | undefined =>
  reservations.get(id.replaceAll('-', ''));

const lostKeys = ({ acknowledged }: History, { requests }: DecidedState): readonly Finding[] =>
  [...acknowledged]
    .filter(([key, { customer, verb }]) => isFollowUp(verb) && !requests.has(hashOf(customer, key)))
    .map(([key]) => ({ about: key, what: 'acknowledged, and there is no decision with this key' }));

const dashed = (hex: string): string => hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

const isFollowUp = (verb: string): boolean => verb !== 'open' && verb !== 'reserve';

const hashOf = (customer: string, key: string): string =>
  createHash('sha256')
    .update(JSON.stringify(['customer', customer, key]))
    .digest('hex')
    .slice(0, 32);

const soldTwice = (known: readonly KnownReservation[], decided: DecidedState): readonly Finding[] => {
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

/** Statuses into which a last known status may have changed without a request. */
const becomes: Readonly<Record<string, readonly string[]>> = { held: ['held', 'expired'] };

const toldOtherwise = (known: readonly KnownReservation[], decided: DecidedState): readonly Finding[] =>
  known.flatMap((reservation) => {
    const { id, told } = reservation;
    const status = statusOf(reservation, decided);
    if (told === undefined || status === undefined) return [];
    const isSo = (becomes[told] ?? [told]).includes(status);
    return isSo ? [] : [{ about: id, what: `told ${told}, and it is ${status}` }];
  });
