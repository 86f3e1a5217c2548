import createClient from 'openapi-fetch';
import {
  type Answer,
  answerOf,
  type ClientProblem,
  type CommandAnswer,
  commandAnswerOf,
  type KeyHeader,
  type NoAnswer,
  type Problem,
  type Refusal,
  type Success,
} from './answer.ts';
import type { DecisionEvent } from './decision-event.ts';
import { type DecisionPage, feedCalls } from './follow-decisions.ts';
import {
  type Api,
  type CallOptions,
  type ClientOptions,
  type CommandOptions,
  initOf,
  type WaitOptions,
} from './options.ts';
import { type Pages, pages } from './pages.ts';
import type {
  CancelledReservation,
  ConfirmedReservation,
  DecidedReservation,
  ExpiredReservation,
  GrantedReservation,
  HeldReservation,
  PendingReservation,
  RejectedReservation,
  Reservation,
} from './reservation.ts';
import { type ManyAnswer, type ManyRequest, type ManyResult, reserveMany } from './reserve-many.ts';
import { retrying, retryingDefaults } from './retrying.ts';
import type { components, operations, paths } from './schema.ts';
import { watchCalls } from './watch-calls.ts';

export type Show = components['schemas']['Show'];
export type {
  Answer,
  CallOptions,
  CancelledReservation,
  ClientOptions,
  ClientProblem,
  CommandAnswer,
  CommandOptions,
  ConfirmedReservation,
  DecidedReservation,
  DecisionEvent,
  DecisionPage,
  ExpiredReservation,
  HeldReservation,
  ManyAnswer,
  ManyRequest,
  ManyResult,
  NoAnswer,
  PendingReservation,
  Problem,
  Refusal,
  RejectedReservation,
  Reservation,
  Success,
  WaitOptions,
};

/** 202 of confirm, extend and cancel: in the queue, and not decided within the wait. */
export type Queued = operations['confirmReservation']['responses'][202]['content']['application/json'];

/** 202 of a call about a show: not decided yet. */
export type PendingShow = operations['openShow']['responses'][202]['content']['application/json'];

export type History = operations['getReservationHistory']['responses'][200]['content']['application/json'];

/** The result of a call of the client: `AnswerTo<'reserve'>`. */
export type AnswerTo<Call extends keyof Client> =
  ReturnType<Client[Call]> extends Promise<infer Told> | AsyncGenerator<infer Told> ? Told : never;

type BodyOf<Name extends keyof operations> = NonNullable<
  operations[Name]['requestBody']
>['content']['application/json'];
type QueryOf<Name extends keyof operations> = Omit<
  NonNullable<operations[Name]['parameters']['query']>,
  'cursor'
>;

/**
 * Every call is repeated as `retrying` describes; all tries of a command have the same Idempotency-Key, so
 * that it acts once.
 */
export type Client = ReturnType<typeof newClient>;

/** A client of one onsale service, for browsers and Node. */
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
  return {
    ...customerCalls(api),
    ...readCalls(api),
    ...staffCalls(api),
    ...watchCalls(api),
    ...feedCalls(api),
  };
};

const waitingInit = (options: WaitOptions, headers: KeyHeader) => ({
  ...initOf(options),
  headers: { ...headers, prefer: `wait=${options.waitSeconds ?? 10}` },
});

const customerCalls = (api: Api) => ({
  /**
   * Asks for places. 201: they are confirmed, or held for you. 202: not decided within the wait. Otherwise
   * the problem tells why not.
   */
  reserve: (body: BodyOf<'requestReservation'>, options: WaitOptions = {}) =>
    commandAnswerOf<
      'requestReservation',
      { readonly 201: GrantedReservation; readonly 202: PendingReservation }
    >(options.key, (key) => api.POST('/v1/reservations', { body, ...waitingInit(options, key) })),

  /**
   * The `reference` names a payment: if two payments confirm, the second gets `confirmed-otherwise`. 202: not
   * decided yet.
   */
  confirm: (id: string, { reference, ...options }: WaitOptions & BodyOf<'confirmReservation'> = {}) =>
    commandAnswerOf<'confirmReservation', FollowUp>(options.key, (key) =>
      api.POST('/v1/reservations/{id}/confirm', {
        params: { path: { id } },
        body: { ...(reference !== undefined && { reference }) },
        ...waitingInit(options, key),
      }),
    ),

  extend: (id: string, options: WaitOptions = {}) =>
    commandAnswerOf<'extendHold', FollowUp>(options.key, (key) =>
      api.POST('/v1/reservations/{id}/extend', { params: { path: { id } }, ...waitingInit(options, key) }),
    ),

  /** Releases all places, or those of `lines`. */
  cancel: (id: string, { lines, ...options }: WaitOptions & BodyOf<'cancelReservation'> = {}) =>
    commandAnswerOf<'cancelReservation', FollowUp>(options.key, (key) =>
      api.POST('/v1/reservations/{id}/cancel', {
        params: { path: { id } },
        body: { ...(lines && { lines }) },
        ...waitingInit(options, key),
      }),
    ),
});

interface FollowUp {
  readonly 200: Reservation;
  readonly 202: Queued;
}

const readCalls = (api: Api) => ({
  reservation: (id: string, options: CallOptions = {}) =>
    answerOf<'getReservation', { readonly 200: Reservation }>(
      api.GET('/v1/reservations/{id}', { params: { path: { id } }, ...initOf(options) }),
    ),

  /** Page by page, newest first. */
  reservations: (
    query: QueryOf<'listReservations'> = {},
    options: CallOptions = {},
  ): Pages<'listReservations', Reservation> =>
    pages((cursor) =>
      answerOf(
        api.GET('/v1/reservations', { params: { query: { ...query, ...cursor } }, ...initOf(options) }),
      ),
    ),

  history: (id: string, options: CallOptions = {}) =>
    answerOf<'getReservationHistory'>(
      api.GET('/v1/reservations/{id}/history', { params: { path: { id } }, ...initOf(options) }),
    ),

  show: (id: string, options: CallOptions = {}) =>
    answerOf<'getShow'>(api.GET('/v1/shows/{id}', { params: { path: { id } }, ...initOf(options) })),

  /** Page by page, newest first. */
  shows: (query: QueryOf<'listShows'> = {}, options: CallOptions = {}): Pages<'listShows', Show> =>
    pages((cursor) =>
      answerOf(api.GET('/v1/shows', { params: { query: { ...query, ...cursor } }, ...initOf(options) })),
    ),
});

const staffCalls = (api: Api) => ({
  /**
   * Up to a hundred requests for places in one call, for a service or an administrator. 200: the results, in
   * the order of the requests, each as `reserve` would have been answered.
   */
  reserveMany: (requests: readonly ManyRequest[], options: Omit<WaitOptions, 'key'> = {}) =>
    reserveMany(api, requests, options),

  /** 202: not decided in the time that the service waits, which is 10 s. */
  openShow: (body: BodyOf<'openShow'>, options: CommandOptions = {}) =>
    commandAnswerOf<'openShow'>(options.key, (headers) =>
      api.POST('/v1/shows', { body, headers, ...initOf(options) }),
    ),

  /**
   * Changes a show if it is still as it was read, otherwise 412; with the revision `'any'` the change applies
   * to any state. Has no Idempotency-Key, so it is repeated only where certainly nothing was done; after
   * `unreachable`, read the show again.
   */
  changeShow: (
    show: Pick<Show, 'id' | 'revision' | 'asOf'> | { readonly id: string; readonly revision: 'any' },
    body: BodyOf<'changeShow'>,
    options: CallOptions = {},
  ) =>
    answerOf<'changeShow'>(
      api.PATCH('/v1/shows/{id}', {
        params: { path: { id: show.id }, header: { 'if-match': ifMatchOf(show) } },
        body,
        ...initOf(options),
      }),
    ),
});

const ifMatchOf = (show: Pick<Show, 'revision' | 'asOf'> | { readonly revision: 'any' }): string =>
  show.revision === 'any' ? '*' : `"${show.revision}.${Date.parse(show.asOf)}"`;
