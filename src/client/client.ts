import createClient, { type Client as Fetching } from 'openapi-fetch';
import {
  type Answer,
  answerOf,
  type CommandAnswer,
  commandAnswerOf,
  type Fetched,
  type KeyHeader,
  type Problem,
} from './answer.ts';
import { type Pages, pages } from './pages.ts';
import { pause, type Retrying, retryAfterMs, retrying, retryingDefaults } from './retrying.ts';
import type { components, operations, paths } from './schema.ts';
import { watching } from './watching.ts';

export type Reservation = components['schemas']['Reservation'];
export type Show = components['schemas']['Show'];
export type { Answer, CommandAnswer, Problem };

/** In the queue, and not decided in the time that was waited. */
export interface Queued {
  readonly id: string;
  readonly requested: string;
}

/** A show that is not decided yet. */
export type PendingShow = operations['openShow']['responses'][202]['content']['application/json'];

export type History = operations['getReservationHistory']['responses'][200]['content']['application/json'];

type BodyOf<Name extends keyof operations> = NonNullable<
  operations[Name]['requestBody']
>['content']['application/json'];
type QueryOf<Name extends keyof operations> = Omit<
  NonNullable<operations[Name]['parameters']['query']>,
  'cursor'
>;

export interface ClientOptions {
  /** Where the service is, without /v1. */
  readonly baseUrl: string;
  /**
   * Who is asking, e.g. `{ authorization: 'Bearer …' }`. Called for each request that is sent. An `x-customer-id` may hold
   * any letters: what fetch cannot send is sent percent-encoded.
   */
  readonly headers?: () => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>;
  readonly retrying?: Partial<Retrying>;
  /** Instead of the runtime's own. */
  readonly fetch?: (request: Request) => Promise<Response>;
}

export interface CallOptions {
  /** Ends everything: requests, pauses, streams. The call then throws the signal's reason. */
  readonly signal?: AbortSignal;
}

export interface CommandOptions extends CallOptions {
  /**
   * The Idempotency-Key, for a command that has to survive this page or process, or its signal; otherwise the client makes
   * one. Every answer names it.
   */
  readonly key?: string;
}

export interface WaitOptions extends CommandOptions {
  /** Seconds to wait for the decision, at most 30; 10 unless said otherwise. */
  readonly waitSeconds?: number;
}

/** Every call repeats itself as `retrying` says, a command with one Idempotency-Key, so that it acts once. */
export type Client = ReturnType<typeof newClient>;

/** A client of one onsale, for browsers and Node. */
export const newClient = (options: ClientOptions) => {
  const api = createClient<paths>({
    baseUrl: options.baseUrl,
    fetch: retrying({
      ...retryingDefaults,
      ...options.retrying,
      fetch: options.fetch ?? ((request) => fetch(request)),
      headers: options.headers ?? (() => ({})),
    }),
  });
  return { ...customerCalls(api), ...readCalls(api), ...adminCalls(api), ...watchCalls(api) };
};

type Api = Fetching<paths>;

const initOf = ({ signal }: CallOptions) => ({ ...(signal && { signal }) });

const waitingInit = (options: WaitOptions, headers: KeyHeader) => ({
  ...initOf(options),
  headers: { ...headers, prefer: `wait=${options.waitSeconds ?? 10}` },
});

const customerCalls = (api: Api) => ({
  /** Asks for places: confirmed, held, or still `pending` when the wait was over; a refusal is a problem. */
  reserve: (
    body: BodyOf<'requestReservation'>,
    options: WaitOptions = {},
  ): Promise<CommandAnswer<Reservation>> =>
    commandAnswerOf(options.key, (key) =>
      api.POST('/v1/reservations', { body, ...waitingInit(options, key) }),
    ),

  /** With the `reference` of a payment: of two, the second is told `confirmed-otherwise`. */
  confirm: (
    id: string,
    { reference, ...options }: WaitOptions & BodyOf<'confirmReservation'> = {},
  ): Promise<CommandAnswer<Reservation | Queued>> =>
    commandAnswerOf(options.key, (key) =>
      api.POST('/v1/reservations/{id}/confirm', {
        params: { path: { id } },
        body: { ...(reference !== undefined && { reference }) },
        ...waitingInit(options, key),
      }),
    ),

  extend: (id: string, options: WaitOptions = {}): Promise<CommandAnswer<Reservation | Queued>> =>
    commandAnswerOf(options.key, (key) =>
      api.POST('/v1/reservations/{id}/extend', { params: { path: { id } }, ...waitingInit(options, key) }),
    ),

  /** Gives all places back, or those of `lines`. */
  cancel: (
    id: string,
    { lines, ...options }: WaitOptions & BodyOf<'cancelReservation'> = {},
  ): Promise<CommandAnswer<Reservation | Queued>> =>
    commandAnswerOf(options.key, (key) =>
      api.POST('/v1/reservations/{id}/cancel', {
        params: { path: { id } },
        body: { ...(lines && { lines }) },
        ...waitingInit(options, key),
      }),
    ),
});

const readCalls = (api: Api) => ({
  reservation: (id: string, options: CallOptions = {}): Promise<Answer<Reservation>> =>
    answerOf(api.GET('/v1/reservations/{id}', { params: { path: { id } }, ...initOf(options) })),

  /** Page by page, newest first. */
  reservations: (query: QueryOf<'listReservations'> = {}, options: CallOptions = {}): Pages<Reservation> =>
    pages((cursor) =>
      api.GET('/v1/reservations', { params: { query: { ...query, ...cursor } }, ...initOf(options) }),
    ),

  history: (id: string, options: CallOptions = {}): Promise<Answer<History>> =>
    answerOf(api.GET('/v1/reservations/{id}/history', { params: { path: { id } }, ...initOf(options) })),

  show: (id: string, options: CallOptions = {}): Promise<Answer<Show>> =>
    answerOf(api.GET('/v1/shows/{id}', { params: { path: { id } }, ...initOf(options) })),

  /** Page by page, newest first. */
  shows: (query: QueryOf<'listShows'> = {}, options: CallOptions = {}): Pages<Show> =>
    pages((cursor) =>
      api.GET('/v1/shows', { params: { query: { ...query, ...cursor } }, ...initOf(options) }),
    ),
});

const adminCalls = (api: Api) => ({
  openShow: (
    body: BodyOf<'openShow'>,
    options: CommandOptions = {},
  ): Promise<CommandAnswer<Show | PendingShow>> =>
    commandAnswerOf(options.key, (headers) => api.POST('/v1/shows', { body, headers, ...initOf(options) })),

  /**
   * Changes a show as it was read: 412 when it has changed since; with the revision `'any'` whatever it has become. Has no Idempotency-Key, so it is only repeated where
   * nothing was done for certain; after `unreachable`, read the show again.
   */
  changeShow: (
    show: Pick<Show, 'id' | 'revision' | 'asOf'> | { readonly id: string; readonly revision: 'any' },
    body: BodyOf<'changeShow'>,
    options: CallOptions = {},
  ): Promise<Answer<Show | PendingShow>> =>
    answerOf(
      api.PATCH('/v1/shows/{id}', {
        params: { path: { id: show.id }, header: { 'if-match': ifMatchOf(show) } },
        body,
        ...initOf(options),
      }),
    ),
});

const ifMatchOf = (show: Pick<Show, 'revision' | 'asOf'> | { readonly revision: 'any' }): string =>
  show.revision === 'any' ? '*' : `"${show.revision}.${Date.parse(show.asOf)}"`;

const watchCalls = (api: Api) => ({
  /** A reservation now and each time it changes, until its status is final. */
  watch: (id: string, options: CallOptions = {}): AsyncGenerator<Answer<Reservation>, void> =>
    watching({
      open: (seen) => opened(api.GET('/v1/reservations/{id}/updates', streamInit(id, seen, options))),
      parse: parseReservation,
      isFinal: ({ status }) => status !== 'pending' && status !== 'held',
      signal: options.signal,
    }),

  /** A show now and whenever it changes, until the loop is left or the signal is aborted. */
  watchShow: (id: string, options: CallOptions = {}): AsyncGenerator<Answer<Show>, void> =>
    watching({
      open: (seen) => opened(api.GET('/v1/shows/{id}/updates', streamInit(id, seen, options))),
      parse: parseShow,
      isFinal: () => false,
      signal: options.signal,
    }),

  /** The reservation once it is no longer pending, however long that takes: end it with a signal. */
  untilDecided: async (id: string, options: CallOptions = {}): Promise<Answer<Reservation>> => {
    for (;;) {
      const beganAtMs = performance.now();
      const params = { path: { id }, header: { prefer: 'wait=30' } };
      const answer = await answerOf(api.GET('/v1/reservations/{id}', { params, ...initOf(options) }));
      if (!answer.ok || answer.data.status !== 'pending') return answer;
      // A process with too many waiting clients answers at once.
      if (performance.now() - beganAtMs < 1_000) await pause(retryAfterMs(answer) || 1_000, options.signal);
    }
  },
});

const streamInit = (id: string, seen: string | undefined, options: CallOptions) => ({
  params: { path: { id }, header: { ...(seen !== undefined && { 'last-event-id': seen }) } },
  parseAs: 'stream' as const,
  ...initOf(options),
});

type Body = ReadableStream<Uint8Array<ArrayBuffer>>;

const opened = async (asked: Promise<Fetched<Body | null>>): Promise<Answer<Body> | 'over'> => {
  const answer = await answerOf(asked);
  return !answer.ok && answer.problem.status === 204 ? 'over' : answer;
};

const parseReservation = (data: string): Reservation => JSON.parse(data) as Reservation;

const parseShow = (data: string): Show => JSON.parse(data) as Show;
