import { setTimeout as delay } from 'node:timers/promises';
import { waitUntil } from '../../infra/local/wait-until.ts';
import { type Answer, reserve } from './client.ts';

export interface AcceptedRequest {
  readonly id: string;
  readonly customer: string;
  readonly showId: string;
}

/** The outcome of every request that was sent. */
export interface LoadReport {
  /** 202: each of these must get a decision. */
  readonly accepted: readonly AcceptedRequest[];
  /** 503 with an instance: they may or may not be on the stream. */
  readonly unknown: readonly AcceptedRequest[];
  /** Refusals without an id, by code. */
  readonly refused: ReadonlyMap<string, number>;
  /** Answers that a client must never get, whatever fails inside. */
  readonly odd: readonly string[];
}

export interface Load {
  readonly report: LoadReport;
  /** Resolves when `count` more requests were accepted; throws after a long time-out. */
  readonly accepts: (count: number) => Promise<void>;
  /** Resolves when `count` more requests were refused with this code. */
  readonly isRefused: (code: string, count: number) => Promise<void>;
  readonly stop: () => Promise<LoadReport>;
}

export interface LoadOptions {
  /** A function is called for every request, as a gateway chooses an address. */
  readonly api: string | (() => string);
  /** Requested in turn; a show that is listed several times gets more of the load. */
  readonly shows: readonly string[];
  readonly workers?: number;
}

const patienceMs = 20_000;
// A bounded rate, so that the backlog of an outage does not depend on the speed of this machine.
const paceMs = 15;

/** Customers who request one to three places without waiting for the decision, until they are stopped. */
export const startLoad = ({ api, shows, workers = 10 }: LoadOptions): Load => {
  const accepted: AcceptedRequest[] = [];
  const unknown: AcceptedRequest[] = [];
  const refused = new Map<string, number>();
  const odd: string[] = [];
  let sent = 0;
  let stopped = false;

  const ask = async (): Promise<void> => {
    sent += 1;
    const customer = `customer-${sent}`;
    const showId = shows[sent % shows.length] ?? '';
    const answer = await reserve(typeof api === 'string' ? api : api(), {
      customer,
      showId,
      quantity: 1 + (sent % 3),
    });
    const id = answer.status === 202 ? answer.body['id'] : idIn(answer.body['instance']);
    const made = { id: String(id), customer, showId };
    if (answer.status === 202) accepted.push(made);
    else if (answer.body['code'] === 'outcome-unknown' && id !== undefined) unknown.push(made);
    else if (isRefusal(answer)) count(refused, String(answer.body['code']));
    else odd.push(`${answer.status} ${JSON.stringify(answer.body)}`);
  };
  const work = async (): Promise<void> => {
    while (!stopped) {
      await ask().catch((error: unknown) => odd.push(String(error)));
      await delay(paceMs);
    }
  };
  const working = Promise.all(Array.from({ length: workers }, work));
  const report: LoadReport = { accepted, unknown, refused, odd };
  const until = async (what: string, condition: () => boolean): Promise<void> => {
    if (await waitUntil(condition, { limitMs: patienceMs })) return;
    throw new Error(`not within ${patienceMs} ms: ${what}; ${accepted.length} accepted, ${told(report)}`);
  };
  return {
    report,
    accepts: (wanted) => {
      const from = accepted.length;
      return until(`${wanted} more accepted`, () => accepted.length >= from + wanted);
    },
    isRefused: (code, wanted) => {
      const from = refused.get(code) ?? 0;
      return until(`${wanted} more refused as ${code}`, () => (refused.get(code) ?? 0) >= from + wanted);
    },
    stop: async () => {
      stopped = true;
      await working;
      return report;
    },
  };
};

const told = ({ refused, unknown, odd }: LoadReport): string =>
  `refused ${JSON.stringify([...refused])}, ${unknown.length} unknown, odd: ${odd.slice(0, 3).join(' | ')}`;

const count = (counts: Map<string, number>, code: string): void => {
  counts.set(code, (counts.get(code) ?? 0) + 1);
};

const idIn = (instance: unknown): string | undefined =>
  typeof instance === 'string' ? instance.split('/').at(-1) : undefined;

const isRefusal = ({ status, body }: Answer): boolean =>
  body['instance'] === undefined &&
  ((status === 409 && body['code'] === 'sold-out') || (status === 503 && body['code'] === 'overloaded'));
