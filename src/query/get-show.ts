import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import type { ShowId } from '../domain/ids.ts';
import type { ShowLedger } from '../domain/ledger.ts';
import { etagMatches } from '../http/message/etag.ts';
import { idParameters } from '../http/message/fields.ts';
import { parseGivenShowId } from '../http/message/given-ids.ts';
import { representShow, showEtag } from '../http/message/represent-show.ts';
import { responseHeaders } from '../http/message/response-headers.ts';
import { orUnavailable } from '../http/problems/or-unavailable.ts';
import type { Problem } from '../http/problems/problem.ts';
import { sendProblem } from '../http/problems/send-problem.ts';
import { unreadableRow } from '../http/problems/unreadable-row.ts';
import type { Reader } from '../store/contract.ts';
import type { QueryOptions } from './options.ts';
import { publicReadProblems } from './read-problems.ts';
import { isNoOlder } from './seen-states.ts';

const schema = {
  operationId: 'getShow',
  summary: 'A show and what is left of it',
  description: 'As of the last decision that changed it.',
  tags: ['shows'],
  params: idParameters,
  headers: Type.Object({ 'if-none-match': Type.Optional(Type.String()) }),
  response: {
    200: { description: 'The show.', headers: responseHeaders.etag, $ref: 'Show#' },
    304: { description: 'As If-None-Match has it.', type: 'null' },
  },
};

/** GET /v1/shows/{id} */
export const getShow = (app: FastifyInstance, options: QueryOptions): void => {
  const config = { problems: publicReadProblems };
  app.get<{ Params: { id: string } }>('/v1/shows/:id', { schema, config }, async (request, reply) => {
    const id = parseGivenShowId(request.params.id);
    const show = id && (await showFor(id, request.headers['if-none-match'], options));
    if (!show) return sendProblem(reply, noSuchShow);
    const etag = showEtag(show);
    reply.header('etag', etag).header('cache-control', 'max-age=1');
    return etagMatches(request.headers['if-none-match'], etag)
      ? reply.code(304).send()
      : reply.send(representShow(show));
  });
};

/** The primary is read if the replica lacks the show, or has it in an older state than the client. */
const showFor = async (
  id: ShowId,
  ifNoneMatch: string | undefined,
  { reader, replica }: QueryOptions,
): Promise<ShowLedger | undefined> => {
  const show = replica && (await orUnavailable('MySQL', replica.show(id))).show;
  const isGood = show && isNoOlder({ etag: showEtag(show), atMs: show.asOfMs }, ifNoneMatch);
  return isGood ? show : await lookUpShow(id, { reader });
};

/** The show in its state on the primary. */
export const lookUpShow = async (
  id: ShowId,
  { reader }: { readonly reader: Reader },
): Promise<ShowLedger | undefined> => {
  const { show, unreadable } = await orUnavailable('MySQL', reader.show(id));
  if (unreadable !== undefined) throw unreadableRow(unreadable);
  return show;
};

export const noSuchShow: Problem = {
  code: 'not-found',
  detail: 'There is no show with this id, or it is not opened yet. GET /v1/shows lists those there are.',
};
