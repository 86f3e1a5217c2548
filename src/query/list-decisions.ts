import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import Type from 'typebox';
import { onHangUp } from '../http/connection/on-hang-up.ts';
import { requireServiceOrAdmin } from '../http/identity/identity.ts';
import { encodeCursor } from '../http/message/feed-cursor.ts';
import { keepPrivate } from '../http/message/keep-private.ts';
import { parsePrefer } from '../http/message/prefer.ts';
import { type DecisionEvent, representDecision } from '../http/message/represent-decision.ts';
import { orUnavailable } from '../http/problems/or-unavailable.ts';
import type { Problem } from '../http/problems/problem.ts';
import { sendProblem } from '../http/problems/send-problem.ts';
import type { FeedPage, FeedQuery } from '../store/feed-contract.ts';
import type { EventStreams } from './event-streams.ts';
import { cursorLengthMax, type FeedParameters, feedParameters, parseFeedRequest } from './feed-request.ts';
import { type FeedOptions, followFeed, startOf } from './follow-feed.ts';
import type { QueryOptions } from './options.ts';
import { ownReadProblems } from './read-problems.ts';
import { streamFeed } from './stream-feed.ts';
import { tooManyHere } from './stream-slots.ts';

const batchType = 'application/cloudevents-batch+json';
const streamType = 'text/event-stream';

const pageSchema = Type.Object(
  {
    data: Type.Array(Type.Ref('DecisionEvent#')),
    nextCursor: Type.String({ description: 'For the next page, at once or whenever there is more.' }),
  },
  {
    description:
      'Decisions, oldest first in each partition. A page may be short, or empty, and not be the last.',
  },
);

const problems = [...ownReadProblems.filter((code) => code !== 'not-found'), 'history-changed'] as const;

const schema = {
  operationId: 'listDecisions',
  summary: 'The feed: every decision, oldest first',
  description:
    'CloudEvents 1.0. `data` has the reservation as it was right after the decision, and the pools that the decision moved. Nothing is skipped; no order is promised between two partitions. With Prefer: wait=N the answer waits for the next decision; with Accept: text/event-stream it is a stream of server-sent events, whose ids are cursors.',
  tags: ['decisions'],
  security: [{ service: [] }, { admin: [] }],
  querystring: feedParameters,
  headers: Type.Object({
    prefer: Type.Optional(Type.String({ description: 'wait=N: wait up to N ≤ 30 seconds for a decision.' })),
    'last-event-id': Type.Optional(
      Type.String({ maxLength: cursorLengthMax, description: 'Of a stream: takes the place of `after`.' }),
    ),
  }),
  response: {
    200: {
      description: 'A page of the feed.',
      content: {
        'application/json': { schema: pageSchema },
        [batchType]: { schema: Type.Array(Type.Ref('DecisionEvent#')) },
        [streamType]: { schema: Type.String() },
      },
    },
  },
};

type FeedCall = FastifyRequest<{ Querystring: FeedParameters; Headers: { 'last-event-id'?: string } }>;

/** GET /v1/decisions */
export const listDecisions = (app: FastifyInstance, options: QueryOptions, streams: EventStreams): void => {
  const { feed, stopping } = options;
  const takeFollower = newFollowers({ max: feed.followersMax, stopping });
  const route = { schema, config: { problems }, onRequest: requireServiceOrAdmin(options.identity) };
  app.get('/v1/decisions', route, async (request: FeedCall, reply) => {
    const pair = await orUnavailable('MySQL', feed.pair());
    const isStream = accepts(request, streamType);
    const { query, headers } = request;
    const after = isStream ? (headers['last-event-id'] ?? query.after) : query.after;
    const parsed = parseFeedRequest({ ...query, after }, { pair, partitions: feed.partitions });
    if ('problem' in parsed) return sendProblem(reply, parsed.problem);
    const call = {
      asked: await orUnavailable('MySQL', startOf(parsed.asked, feed.reader)),
      pair,
      feed,
      takeFollower,
      reply,
    };
    return isStream ? openStream(call, streams) : answerPage(call);
  });
};

const accepts = ({ headers }: FastifyRequest, type: string): boolean =>
  headers.accept?.includes(type) ?? false;

/** The signal is aborted when the caller is gone or the process stops. Undefined while there are as many as may be. */
type TakeFollower = (reply: FastifyReply) => AbortSignal | undefined;

const newFollowers = ({ max, stopping }: { max: number; stopping: AbortSignal }): TakeFollower => {
  let followers = 0;
  return (reply) => {
    if (followers >= max) return undefined;
    followers += 1;
    const left = new AbortController();
    onHangUp(reply, () => {
      followers -= 1;
      left.abort();
    });
    return AbortSignal.any([left.signal, stopping]);
  };
};

interface Call {
  readonly asked: FeedQuery;
  readonly pair: string;
  readonly feed: FeedOptions;
  readonly takeFollower: TakeFollower;
  readonly reply: FastifyReply;
}

const openStream = async (
  { asked, pair, feed, takeFollower, reply }: Call,
  streams: EventStreams,
): Promise<FastifyReply> => {
  // A client that has left meanwhile gets no answer and takes no slot.
  if (reply.raw.destroyed) return reply.hijack();
  const signal = takeFollower(reply);
  if (!signal) return sendProblem(reply, tooManyHere);
  const pages = followFeed(asked, feed, signal);
  const { value: first } = await orUnavailable('MySQL', pages.next());
  if (first?.type === 'changed') return sendProblem(reply, historyChanged(first));
  if (first?.type !== 'page' || reply.raw.destroyed) return reply.hijack();
  return streamFeed(first, pages, { streams, reply, cursorOf: ({ seen }) => encodeCursor({ pair, seen }) });
};

const answerPage = async ({ asked, pair, feed, takeFollower, reply }: Call): Promise<FastifyReply> => {
  const preference = parsePrefer(reply.request.headers.prefer);
  const waiting = preference && takeFollower(reply);
  if (preference && waiting) reply.header('preference-applied', preference.applied);
  const signal = waiting ? AbortSignal.any([waiting, AbortSignal.timeout(preference.waitMs)]) : atOnce;
  const page = await orUnavailable('MySQL', firstWithDecisions(followFeed(asked, feed, signal), signal));
  if (page.type === 'changed') return sendProblem(reply, historyChanged(page));
  const nextCursor = encodeCursor({ pair, seen: page.seen });
  return sendPage(keepPrivate(reply), { data: page.items.map(representDecision), nextCursor });
};

const atOnce = AbortSignal.abort();

/** The last page before the signal was aborted, when none has a decision. */
const firstWithDecisions = async (
  pages: AsyncGenerator<FeedPage, void>,
  signal: AbortSignal,
): Promise<FeedPage> => {
  let last: FeedPage | undefined;
  for await (const page of pages) {
    last = page;
    if (page.type === 'changed' || page.items.length > 0 || signal.aborted) break;
  }
  if (!last) throw new Error('the feed has a first page');
  return last;
};

const sendPage = (
  reply: FastifyReply,
  { data, nextCursor }: { readonly data: readonly DecisionEvent[]; readonly nextCursor: string },
): FastifyReply => {
  const { request } = reply;
  const next = new URL(request.url, 'http://feed');
  next.searchParams.set('after', nextCursor);
  reply.header('link', `<${next.pathname}${next.search}>; rel="next"`);
  if (!accepts(request, batchType)) return reply.send({ data, nextCursor });
  return reply.type(batchType).send(JSON.stringify(data));
};

const historyChanged = ({ partitions }: { readonly partitions: readonly number[] }): Problem => ({
  code: 'history-changed',
  detail: `The decisions that this cursor stands at are gone, or are others now, in ${partitions.length === 1 ? 'partition' : 'partitions'} ${partitions.join(', ')}: the database was restored. Read the feed of these again (?partition=), and correct what you derived from what is gone.`,
});
