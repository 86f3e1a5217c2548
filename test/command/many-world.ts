import type { CommandOptions } from '../../src/command/options.ts';
import { parseReservationId } from '../../src/domain/ids.ts';
import type { RequestEvent } from '../../src/domain/requests.ts';
import { newStreamId } from '../../src/domain/stream-id.ts';
import type { AppendVerdict } from '../../src/log/contract.ts';
import {
  asService,
  nowMs,
  reservationOf,
  type ServerFakes,
  serverOf,
  showId,
  waitFor,
} from '../http/fakes.ts';

/** Calls of many, as the tests make and read them. */

export const url = '/v1/reservations/batch';
export const lines = [{ poolId: 'standing', quantity: 3 }];
export const requestOf = (customerId: string, more: object = {}) => ({ customerId, showId, lines, ...more });
export const hundred = (more: (n: number) => object = () => ({})) =>
  [...Array(100).keys()].map((n) => requestOf(`customer-${n}`, more(n)));

export interface Result {
  readonly status: number;
  readonly reservation?: { readonly id: string; readonly status: string };
  readonly problem?: {
    readonly code: string;
    readonly instance?: string;
    readonly errors?: readonly { readonly pointer: string }[];
    readonly trace_id?: string;
  };
  readonly replayed?: true;
  readonly retryAfterSeconds?: number;
}

interface Answered {
  readonly results?: readonly Result[];
  readonly code?: string;
  readonly errors?: readonly { readonly pointer: string }[];
}

interface Posted {
  readonly options?: Partial<CommandOptions>;
  readonly server?: ServerFakes;
  readonly headers?: Readonly<Record<string, string>>;
  readonly payload?: object | string;
}

export const postMany = async (
  requests: readonly unknown[],
  { options = {}, server = {}, headers = asService, payload = { requests } }: Posted = {},
) => {
  const app = serverOf({ command: { random: Math.random, ...options }, ...server });
  const all = { 'content-type': 'application/json', ...headers };
  const response = await app.inject({ method: 'POST', url, headers: all, payload });
  await app.close();
  const { results = [], code, errors = [] }: Answered = response.json();
  const pointers = errors.map(({ pointer }) => pointer);
  return { status: response.statusCode, headers: response.headers, results, code, pointers };
};

export const statusesOf = (results: readonly Result[]) => results.map(({ status }) => status);
export const codesOf = (results: readonly Result[]) => results.map(({ problem }) => problem?.code);

export const appended = (n: number): AppendVerdict => ({
  type: 'appended',
  streamId: newStreamId(nowMs, n),
});

/** Keeps what is appended; `verdict` answers the nth append. */
export const newStream = (verdict: (n: number) => AppendVerdict = appended) => {
  const events: RequestEvent[] = [];
  const append = async (_partition: number, event: RequestEvent) => verdict(events.push(event) - 1);
  return { events, append };
};

export const confirmed: CommandOptions['outcomes'] = {
  wait: (text) => {
    const id = parseReservationId(text);
    return waitFor(id && { type: 'reservation', reservation: reservationOf(id) });
  },
};
