import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { ask } from './ask.ts';
import type { History, KnownReservation } from './history.ts';
import type { Judgement } from './judge.ts';
import type { Check } from './report.ts';

const check = (what: string, holds: boolean): Check => ({ what, verdict: holds ? 'kept' : 'broken' });

const namedAsLost = ({ findings }: Judgement): ReadonlySet<string> =>
  new Set(findings.lost.map(({ about }) => about));

/** Limits by the clients' clock; a request between the two may or may not be lost. */
export interface Bounds {
  /** Sent after everything that could have saved it was stopped, and answered. */
  readonly lost: (reservation: KnownReservation) => boolean;
  /** Saved before that, or sent after recovery. */
  readonly safe: (reservation: KnownReservation) => boolean;
}

/**
 * The audit must name every reservation that is certainly lost, none that cannot be, and no other kind of
 * violation.
 */
export const namesWhatIsLost = (
  audit: Judgement,
  history: History,
  { lost, safe }: Bounds,
): readonly Check[] => {
  const named = namedAsLost(audit);
  const accepted = [...history.reservations.values()].filter(({ end }) => end === 'ok');
  const gone = accepted.filter(lost);
  const unnamed = gone.filter(({ id }) => !named.has(id));
  const wrongly = accepted.filter((reservation) => named.has(reservation.id) && safe(reservation));
  return [
    check(`${gone.length} requests were answered and must be gone`, gone.length > 0),
    check(`the audit names ${named.size}, of these all but ${unnamed.length}`, unnamed.length === 0),
    check(`the audit names ${wrongly.length} that were safe`, wrongly.length === 0),
    breaksNothingElse(audit),
  ];
};

/**
 * A request that arrived in time and was lost is sent again too late; the audit rightly reports it as
 * untimely.
 */
const ofTheLoss: ReadonlySet<string> = new Set(['lost', 'untimely']);

export const breaksNothingElse = ({ findings }: Judgement): Check => {
  const others = Object.entries(findings).filter(([name, found]) => !ofTheLoss.has(name) && found.length > 0);
  const names = others.map(([name, found]) => `${found.length} ${name}`).join(', ');
  return check(`no other promise was broken${names === '' ? '' : `: ${names}`}`, others.length === 0);
};

/** Repeats all requests that the audit names, with the same keys. */
export const askAgain = async (
  audit: Judgement,
  history: History,
  api: () => string,
): Promise<readonly string[]> => {
  const named = namedAsLost(audit);
  const keys = [...history.reservations.values()].flatMap(({ id, key }) =>
    named.has(id) ? (key ?? []) : [],
  );
  const again = [...new Set([...keys, ...[...named].filter((about) => history.acknowledged.has(about))])];
  const asking = { api, history, random: () => 0.5, isStopped: () => false };
  await Promise.all(
    again.map(async (key) => {
      const asked = history.acknowledged.get(key);
      if (asked) await ask({ ...asked, waitSeconds: 5 }, asking);
    }),
  );
  return again;
};

/**
 * Every customer requested one reservation only, so after the repetition each must have exactly one that
 * counts.
 */
export const soldOnce = async (
  again: readonly string[],
  history: History,
  databaseUrl: string,
): Promise<readonly Check[]> => {
  const sold = await soldByCustomer(databaseUrl);
  const customers = new Set(again.flatMap((key) => history.acknowledged.get(key)?.customer ?? []));
  const wrong = [...customers].filter((customer) => sold.get(customer) !== 1);
  const twice = [...sold].filter(([customer, count]) => customer.startsWith('customer-') && count > 1);
  return [
    check(
      `asking ${again.length} times again with the same key sold each once (${wrong.length} did not)`,
      wrong.length === 0,
    ),
    check(`nobody was sold twice (${twice.length} were)`, twice.length === 0),
  ];
};

const soldByCustomer = async (databaseUrl: string): Promise<ReadonlyMap<string, number>> => {
  const connection = await createConnection(databaseUrl);
  try {
    const sql = `SELECT CONVERT(customer_id USING utf8mb4) AS customer, COUNT(*) AS sold
      FROM reservations WHERE status NOT IN ('rejected', 'pending') GROUP BY customer_id`;
    const [rows] = await connection.query<RowDataPacket[]>(sql);
    return new Map(rows.map(({ customer, sold }) => [String(customer), Number(sold)]));
  } finally {
    await connection.end();
  }
};
