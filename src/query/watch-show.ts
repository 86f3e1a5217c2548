import type { Writable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import type { ShowId } from '../domain/ids.ts';
import type { ShowLedger } from '../domain/ledger.ts';
import { idParameters } from '../http/message/fields.ts';
import { parseGivenShowId } from '../http/message/given-ids.ts';
import { representShow, showVersion } from '../http/message/represent-show.ts';
import { sendProblem } from '../http/problems/send-problem.ts';
import type { EventStreams } from './event-streams.ts';
import { follow, type StreamSource, streamHeadersSchema, streamResponse } from './follow.ts';
import { lookUpShow, noSuchShow } from './get-show.ts';
import type { QueryOptions } from './options.ts';
import { publicReadProblems } from './read-problems.ts';

const schema = {
  operationId: 'watchShow',
  summary: 'A show and what is left of it, as it changes',
  description:
    'Server-sent events, each the whole show as GET shows it; at most four a second. One address may have a quarter of the streams of a process open (unless set otherwise); one more is 429.',
  tags: ['shows'],
  params: idParameters,
  headers: streamHeadersSchema,
  response: { 200: streamResponse('The show now, and the latest state whenever it has changed.') },
};

/** GET /v1/shows/{id}/updates */
export const watchShow = (app: FastifyInstance, options: QueryOptions, streams: EventStreams): void => {
  const route = { schema, config: { problems: publicReadProblems } };
  app.get<{ Params: { id: string } }>('/v1/shows/:id/updates', route, async (request, reply) => {
    const id = parseGivenShowId(request.params.id);
    if (!id) return sendProblem(reply, noSuchShow);
    return follow(sourceOf(id, options), { request, reply, streams, options });
  });
};

const sourceOf = (id: ShowId, options: QueryOptions): StreamSource<ShowLedger> => ({
  id,
  lookUp: () => lookUpShow(id, options),
  stateIn: (outcome) => (outcome.type === 'show' ? outcome.show : undefined),
  isOlder: (one, other) => one.asOfMs < other.asOfMs,
  eventOf: (show) => ({ version: showVersion(show), data: showText(show) }),
  isFinal: () => false,
  notFound: noSuchShow,
  throttle: (send, client) => throttled(send, { pauseMs: options.streamLimits.showPauseMs, client }),
});

// All clients that watch a show are sent the same object, so it is turned into text once for all of them.
const texts = new WeakMap<ShowLedger, string>();

const showText = (show: ShowLedger): string => {
  const known = texts.get(show);
  if (known !== undefined) return known;
  const text = JSON.stringify(representShow(show));
  texts.set(show, text);
  return text;
};

interface ThrottleOptions {
  readonly pauseMs: number;
  /** Nothing is sent after it is closed. */
  readonly client: Writable;
}

/** Sends at most once in `pauseMs`, and then only the latest state. The last state is always sent. */
const throttled = (
  send: (show: ShowLedger) => void,
  { pauseMs, client }: ThrottleOptions,
): ((show: ShowLedger) => void) => {
  let waiting: ShowLedger | undefined;
  let pause: NodeJS.Timeout | undefined;
  const next = (): void => {
    pause = undefined;
    if (!waiting) return;
    const show = waiting;
    waiting = undefined;
    pause = setTimeout(next, pauseMs);
    send(show);
  };
  client.once('close', () => clearTimeout(pause));
  return (show) => {
    waiting = show;
    if (!pause) next();
  };
};
