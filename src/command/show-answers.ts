import type { FastifyReply } from 'fastify';
import Type from 'typebox';
import type { ShowId } from '../domain/ids.ts';
import type { ShowLedger } from '../domain/ledger.ts';
import { showIdField } from '../http/fields.ts';
import { representShow, showEtag, showPath } from '../http/represent-show.ts';
import { responseHeaders } from '../http/response-headers.ts';
import { retryAfterSeconds } from '../http/retry-after.ts';
import type { Backlog } from '../log/contract.ts';

const { location, retryAfter, idempotentReplayed } = responseHeaders;

/** How long a call about a show waits for its decision. */
export const showWaitMsMax = 10_000;

/** 202 of a call about a show. */
export const pendingShowSchema = Type.Object(
  { id: showIdField, status: Type.Unsafe<'pending'>({ type: 'string', enum: ['pending'] }) },
  {
    description: 'Not decided yet; look at Location after Retry-After seconds.',
    headers: { ...location, ...retryAfter, ...idempotentReplayed },
    examples: [{ id: '01941f29-7000-8003-8123-456789abcdef', status: 'pending' }],
  },
);

export const answerPendingShow = (reply: FastifyReply, id: ShowId, backlog: Backlog): FastifyReply => {
  reply.header('location', showPath(id)).header('retry-after', retryAfterSeconds(backlog));
  return reply.code(202).send({ id, status: 'pending' });
};

export const answerShow = (reply: FastifyReply, show: ShowLedger): FastifyReply =>
  reply.header('etag', showEtag(show)).send(representShow(show));
