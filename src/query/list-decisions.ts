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
import type { FeedPage, FeedReader, SeenDecision } from '../store/feed-contract.ts';
import { type FeedParameters, type FeedRequest, feedParameters, parseFeedRequest } from './feed-request.ts';
import type { QueryOptions } from './options.ts';
import { ownReadProblems } from './read-problems.ts';

export interface FeedOptions {
  readonly feed: FeedReader;
  /** The first 8 hex digits of the pair's id. */
  readonly pair: () => string;
  /** Resolves when something may have been decided, or after `limitMs`, or when the client is gone. */
  readonly awaitDecision: (limitMs: number, signal: AbortSignal) => Promise<void>;
}

const batchType = 'application/cloudevents-batch+json';

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

const schema = {
  operationId: 'listDecisions',
  summary: 'The feed: every decision, oldest first',
  description:
    'CloudEvents 1.0. `data` has the reservation as it was right after the decision, and the pools that the decision moved. Nothing is skipped; no order is promised between two partitions. With Prefer: wait=N the answer waits for the next decision.',
  tags: ['decisions'],
  security: [{ service: [] }, { admin: [] }],
  querystring: feedParameters,
  headers: Type.Object({
    prefer: Type.Optional(Type.String({ description: 'wait=N: wait up to N ≤ 30 seconds for a decision.' })),
  }),
  response: {
    200: {
      description: 'A page of the feed.',
      content: {
        'application/json': { schema: pageSchema },
        [batchType]: { schema: Type.Array(Type.Ref('DecisionEvent#')) },
      },
    },
  },
};

/** GET /v1/decisions */
export const listDecisions = (app: FastifyInstance, options: QueryOptions, feed: FeedOptions): void => {
  const problems = [...ownReadProblems.filter((code) => code !== 'not-found'), 'history-changed'] as const;
  const route = { schema, config: { problems }, onRequest: requireServiceOrAdmin(options.identity) };
  app.get<{ Querystring: FeedParameters }>('/v1/decisions', route, async (request, reply) => {
    const pair = feed.pair();
    const parsed = parseFeedRequest(request.query, pair);
    if ('problem' in parsed) return sendProblem(reply, parsed.problem);
    const page = await readWhileEmpty(parsed.asked, { feed, reply, stopping: options.stopping });
    if (page.type === 'changed') return sendProblem(reply, historyChanged(page.partitions));
    const nextCursor = encodeCursor({ pair, seen: page.seen });
    keepPrivate(reply);
    return sendPage(request, reply, { data: page.items.map(representDecision), nextCursor });
  });
};

interface Waiting {
  readonly feed: FeedOptions;
  readonly reply: FastifyReply;
  readonly stopping: AbortSignal;
}

/** Reads again after each decision, until a page has something or the wait is over. */
const readWhileEmpty = async (asked: FeedRequest, { feed, reply, stopping }: Waiting): Promise<FeedPage> => {
  const preference = parsePrefer(reply.request.headers.prefer);
  if (preference) reply.header('preference-applied', preference.applied);
  const untilMs = performance.now() + (preference?.waitMs ?? 0);
  const left = new AbortController();
  onHangUp(reply, () => left.abort());
  const signal = AbortSignal.any([left.signal, stopping]);
  let seen = await startOf(asked, feed);
  for (;;) {
    const page = await orUnavailable('MySQL', feed.feed.page({ ...asked, seen }));
    const waitMs = untilMs - performance.now();
    if (page.type === 'changed' || page.items.length > 0 || waitMs <= 0 || signal.aborted) return page;
    if (page.isEnd) await feed.awaitDecision(waitMs, signal);
    seen = page.seen;
  }
};

const startOf = async (
  { after }: FeedRequest,
  { feed }: FeedOptions,
): Promise<ReadonlyMap<number, SeenDecision>> => {
  if (after === 'now') return orUnavailable('MySQL', feed.end());
  return after?.seen ?? new Map();
};

const sendPage = (
  request: FastifyRequest,
  reply: FastifyReply,
  { data, nextCursor }: { readonly data: readonly DecisionEvent[]; readonly nextCursor: string },
): FastifyReply => {
  if (!(request.headers.accept ?? '').includes(batchType)) return reply.send({ data, nextCursor });
  const next = new URL(request.url, 'http://feed');
  next.searchParams.set('after', nextCursor);
  return reply
    .header('link', `<${next.pathname}${next.search}>; rel="next"`)
    .type(batchType)
    .send(JSON.stringify(data));
};

const historyChanged = (partitions: readonly number[]): Problem => ({
  code: 'history-changed',
  detail: `The decisions that this cursor stands at are gone, or are others now, in ${partitions.length === 1 ? 'partition' : 'partitions'} ${partitions.join(', ')}: the database was restored. Read the feed of these again (?partition=), and correct what you derived from what is gone.`,
});
