import { type Answer, answerOf } from './answer.ts';
import { type Api, type CallOptions, initOf } from './options.ts';
import type { DecidedReservation, Reservation } from './reservation.ts';
import { pause, retryAfterMs } from './retrying.ts';
import type { components } from './schema.ts';
import { type Watching, watching } from './watching.ts';

type Show = components['schemas']['Show'];

/** Calls that wait for the next state, instead of answering with the current one. */
export const watchCalls = (api: Api) => ({
  /** A reservation: its current state and each later one, until its status is final. */
  watch: (id: string, options: CallOptions = {}): Watching<'watchReservation', Reservation> =>
    watching({
      open: (seen) =>
        opened(answerOf(api.GET('/v1/reservations/{id}/updates', streamInit(id, seen, options)))),
      parse: parseReservation,
      isFinal: ({ status }) => status !== 'pending' && status !== 'held',
      signal: options.signal,
    }),

  /** A show: its current state and each later one, until the loop ends or the signal is aborted. */
  watchShow: (id: string, options: CallOptions = {}): Watching<'watchShow', Show> =>
    watching({
      open: (seen) => opened(answerOf(api.GET('/v1/shows/{id}/updates', streamInit(id, seen, options)))),
      parse: parseShow,
      isFinal: () => false,
      signal: options.signal,
    }),

  /** The reservation once it is no longer pending, however long that takes; use a signal to limit it. */
  untilDecided: async (
    id: string,
    options: CallOptions = {},
  ): Promise<Answer<'getReservation', { readonly 200: DecidedReservation }>> => {
    for (;;) {
      const beganAtMs = performance.now();
      const params = { path: { id }, header: { prefer: 'wait=30' } };
      const answer = await answerOf<'getReservation', { readonly 200: Reservation }>(
        api.GET('/v1/reservations/{id}', { params, ...initOf(options) }),
      );
      if (!answer.ok) return answer;
      const { data } = answer;
      if (data.status !== 'pending') return { ...answer, data };
      // A service with too many waiting clients answers at once, so pause before asking again.
      if (performance.now() - beganAtMs < 1_000) await pause(retryAfterMs(answer) || 1_000, options.signal);
    }
  },
});

const streamInit = (id: string, seen: string | undefined, options: CallOptions) => ({
  params: { path: { id }, header: { ...(seen !== undefined && { 'last-event-id': seen }) } },
  parseAs: 'stream' as const,
  ...initOf(options),
});

const opened = async <Name extends 'watchReservation' | 'watchShow'>(
  asked: Promise<Answer<Name>>,
): Promise<Answer<Name> | 'over'> => {
  const answer = await asked;
  return !answer.ok && answer.problem.status === 204 ? 'over' : answer;
};

const parseReservation = (data: string): Reservation => JSON.parse(data) as Reservation;

const parseShow = (data: string): Show => JSON.parse(data) as Show;
