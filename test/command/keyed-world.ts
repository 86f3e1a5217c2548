import type { CommandOptions } from '../../src/command/options.ts';
import { parseReservationId, type ReservationId } from '../../src/domain/ids.ts';
import type { RequestEvent } from '../../src/domain/requests.ts';
import type { Reservation } from '../../src/domain/reservation.ts';
import { newStreamId } from '../../src/domain/stream-id.ts';
import { claimFirst } from '../../src/log/append/claim-first.ts';
import type { RequestKeys } from '../../src/log/contract.ts';
import {
  asAlice,
  board,
  keysInMemory,
  nowMs,
  reservationOf,
  serverOf,
  showId,
  standing,
  waitFor,
} from '../http/fakes.ts';

export const body = { showId, lines: [{ poolId: 'standing', quantity: 3 }] };
export const soldOut: CommandOptions['boards'] = {
  view: async () => board({}, [{ id: standing, mayReturn: false }]),
};

export const reservationIdOf = (text: string): ReservationId => {
  const id = parseReservationId(text);
  if (!id) throw new Error(`no reservation id: ${text}`);
  return id;
};

/** Keys are claimed by the appender. */
type Shared = Partial<Omit<CommandOptions, 'keys'>> & { readonly keys?: RequestKeys };

interface Sent {
  readonly url?: string;
  readonly key?: string;
  readonly payload?: object;
  readonly headers?: Record<string, string>;
  readonly options?: Shared;
}

/** Processes that share one Redis; appended requests are kept in order. */
export const newWorld = (shared: Shared = {}) => {
  const appended: RequestEvent[] = [];
  const append = async (_partition: number, event: RequestEvent) => {
    appended.push(event);
    return { type: 'appended', streamId: newStreamId(nowMs, appended.length) } as const;
  };
  const known = keysInMemory();
  const post = async ({
    url = '/v1/reservations',
    key,
    payload = body,
    headers = asAlice,
    options,
  }: Sent) => {
    const keys = options?.keys ?? shared.keys ?? known;
    const appender = claimFirst({ append }, keys);
    const app = serverOf({ command: { appender, random: Math.random, ...shared, ...options, keys } });
    const all = { ...headers, ...(key !== undefined && { 'idempotency-key': key }) };
    const response = await app.inject({ method: 'POST', url, headers: all, payload });
    await app.close();
    return response;
  };
  return { appended, post };
};

export const decided = (more: Partial<Reservation> = {}): CommandOptions['outcomes'] => ({
  wait: (id) => waitFor({ type: 'reservation', reservation: reservationOf(reservationIdOf(id), more) }),
});
