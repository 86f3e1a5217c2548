import type { FastifyInstance } from 'fastify';
import type { ShowId } from '../domain/ids.ts';
import type { ShowLedger } from '../domain/ledger.ts';
import { idParameters } from '../http/fields.ts';
import { parseGivenShowId } from '../http/given-ids.ts';
import { representShow, showVersion } from '../http/represent-show.ts';
import { sendProblem } from '../http/send-problem.ts';
import type { EventStreams } from './event-streams.ts';
import { type Followed, follow } from './follow.ts';
import { noSuchShow } from './get-show.ts';
import { lookUpShow } from './look-up-show.ts';
import type { QueryOptions } from './options.ts';
import { paced } from './paced.ts';
import { publicReadProblems } from './read-problems.ts';
import { streamHeadersSchema, streamResponse } from './stream-schema.ts';

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
    return follow(showToFollow(id, options), { request, reply, streams, options });
  });
};

const showToFollow = (id: ShowId, options: QueryOptions): Followed<ShowLedger> => ({
  id,
  look: () => lookUpShow(id, options),
  stateIn: (outcome) => (outcome.type === 'show' ? outcome.show : undefined),
  isOlder: (one, other) => one.asOfMs < other.asOfMs,
  eventOf: (show) => ({ version: showVersion(show), data: showText(show) }),
  isFinal: () => false,
  notFound: noSuchShow,
  pace: (tell, client) => paced(tell, { pauseMs: options.streamLimits.showPauseMs, client }),
});

// All who watch a show are told the same object: it is turned into text once for all of them.
const texts = new WeakMap<ShowLedger, string>();

const showText = (show: ShowLedger): string => {
  const known = texts.get(show);
  if (known !== undefined) return known;
  const text = JSON.stringify(representShow(show));
  texts.set(show, text);
  return text;
};
