import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import type { Decision } from '../domain/decisions.ts';
import type { ReservationId } from '../domain/ids.ts';
import type { RequestEvent } from '../domain/requests.ts';
import { msOf } from '../domain/stream-id.ts';
import { callerOf, requireCaller } from '../http/identity/identity.ts';
import {
  noSuchReservation,
  parseOwnReservationId,
  type ReservationRoute,
} from '../http/identity/own-reservation-id.ts';
import { idParameters, responseLine, timeField } from '../http/message/fields.ts';
import { keepPrivate } from '../http/message/keep-private.ts';
import { timeText } from '../http/message/represent-reservation.ts';
import { orUnavailable } from '../http/problems/or-unavailable.ts';
import { sendProblem } from '../http/problems/send-problem.ts';
import type { HistoryItem } from '../store/contract.ts';
import { lookUpReservation } from './look-up-reservation.ts';
import type { QueryOptions } from './options.ts';
import { ownReadProblems } from './read-problems.ts';

const itemSchema = Type.Object({
  kind: Type.Unsafe<'request' | 'decision' | 'parked'>({
    type: 'string',
    enum: ['request', 'decision', 'parked'],
  }),
  event: Type.Optional(Type.String({ description: 'What was asked, or what was decided.' })),
  streamId: Type.Optional(
    Type.String({
      description:
        'Its place in the stream: the order in which requests arrived. A hold lapses without a request.',
    }),
  ),
  at: timeField,
  position: Type.Optional(Type.Integer({ description: 'Its place in the journal of the partition.' })),
  late: Type.Optional(Type.Boolean({ description: 'Decided on arrival, after newer ones.' })),
  reason: Type.Optional(Type.String()),
  poolId: Type.Optional(Type.String({ description: 'The pool that stood in the way.' })),
  trace_id: Type.Optional(
    Type.String({ description: 'Of the trace that was kept of the request, where one was.' }),
  ),
  reference: Type.Optional(
    Type.String({
      description:
        'Of a request, the one it named, whatever became of it; of a decision, the one the reservation has from then on.',
    }),
  ),
  lines: Type.Optional(Type.Array(responseLine)),
  released: Type.Optional(Type.Array(responseLine)),
  expiresAt: Type.Optional(timeField),
  why: Type.Optional(Type.String({ description: 'Why it could not be decided and was set aside.' })),
});

type Item = Type.Static<typeof itemSchema>;

const schema = {
  operationId: 'getReservationHistory',
  summary: 'How a reservation came to be what it is',
  description:
    'Each request and what was decided on it, oldest first, and the lapse of its hold; the first thousand of them. Empty while the first is still in the queue.',
  tags: ['reservations'],
  security: [{ customer: [] }, { service: [] }, { admin: [] }],
  params: idParameters,
  response: {
    200: Type.Object(
      { data: Type.Array(itemSchema) },
      {
        description: 'Requests and decisions in order.',
        examples: [
          {
            data: [
              {
                kind: 'request',
                event: 'ReservationRequested',
                streamId: '1735689600000-7',
                at: '2025-01-01T00:00:00.000Z',
                reference: 'order-17',
              },
              {
                kind: 'decision',
                event: 'ReservationConfirmed',
                streamId: '1735689600000-7',
                at: '2025-01-01T00:00:00.012Z',
                position: 8,
                late: false,
                reference: 'order-17',
                lines: [{ poolId: 'standing', quantity: 3 }],
              },
            ],
          },
        ],
      },
    ),
  },
};

/** GET /v1/reservations/{id}/history */
export const getHistory = (app: FastifyInstance, options: QueryOptions): void => {
  const onRequest = requireCaller(options.identity);
  const config = { problems: ownReadProblems };
  app.get<ReservationRoute>(
    '/v1/reservations/:id/history',
    { schema, config, onRequest },
    async (request, reply) => {
      const id = parseOwnReservationId(request.params.id, callerOf(request), options);
      if (!id) return sendProblem(reply, noSuchReservation);
      const history = await historyOf(id, options);
      if (!history) return sendProblem(reply, noSuchReservation);
      keepPrivate(reply);
      return reply.send({ data: history.flatMap(itemsOf) });
    },
  );
};

/**
 * Read from the primary only, because the history settles disputes; so is the check whether the reservation
 * exists.
 */
const historyOf = async (
  id: ReservationId,
  { reader, tail }: QueryOptions,
): Promise<readonly HistoryItem[] | undefined> => {
  const seen = await lookUpReservation(id, { reader, tail });
  return seen.type === 'unknown' ? undefined : await orUnavailable('MySQL', reader.history(id));
};

const itemsOf = (item: HistoryItem): readonly Item[] => {
  if (item.type === 'parked')
    return [{ kind: 'parked', streamId: item.streamId, at: timeText(item.parkedAtMs), why: item.why }];
  if (item.type === 'unreadable') {
    const { decision, streamId, position, decidedAtMs } = item;
    return [
      {
        kind: 'decision',
        event: decision,
        ...(streamId && { streamId }),
        at: timeText(decidedAtMs),
        position,
      },
    ];
  }
  const { decision, streamId, traceId, position, late, decidedAtMs } = item.entry;
  const request = requestTypeOf(decision);
  return [
    ...(request && streamId
      ? [
          {
            kind: 'request',
            event: request,
            streamId,
            at: timeText(msOf(streamId)),
            ...requestReference(decision),
            ...(traceId && { trace_id: traceId }),
          } as const,
        ]
      : []),
    {
      kind: 'decision',
      event: decision.type,
      ...(streamId && { streamId }),
      at: timeText(decidedAtMs),
      position,
      late,
      ...factsOf(decision),
    },
  ];
};

const factsOf = (decision: Decision): Partial<Item> => ({
  ...('reason' in decision && { reason: decision.reason }),
  ...('poolId' in decision && decision.poolId !== undefined && { poolId: decision.poolId }),
  ...('lines' in decision && referenceIn(decision)),
  ...('lines' in decision && { lines: [...decision.lines] }),
  ...('released' in decision && { released: [...decision.released] }),
  ...('expiresAtMs' in decision && { expiresAt: timeText(decision.expiresAtMs) }),
});

/**
 * The reference of the request. A confirmation that kept the reservation's earlier reference does not show
 * it, because its own request did not name it.
 */
const requestReference = (decision: Decision): Pick<Item, 'reference'> =>
  'keptReference' in decision && decision.keptReference ? {} : referenceIn(decision);

const referenceIn = (decision: Decision): Pick<Item, 'reference'> =>
  'reference' in decision && decision.reference !== undefined ? { reference: decision.reference } : {};

/** The type of the request; undefined for a lapse, which nobody requests. */
const requestTypeOf = (decision: Decision): RequestEvent['type'] | undefined => {
  switch (decision.type) {
    case 'ShowOpened':
      return 'ShowOpeningRequested';
    case 'ShowChanged':
      return 'ShowChangeRequested';
    case 'ReservationHeld':
    case 'ReservationRejected':
      return 'ReservationRequested';
    case 'ReservationConfirmed':
      return decision.from === undefined ? 'ReservationRequested' : 'ConfirmationRequested';
    case 'HoldExtended':
      return 'ExtensionRequested';
    case 'ReservationReduced':
    case 'ReservationCancelled':
      return 'CancellationRequested';
    case 'RequestSatisfied':
    case 'RequestRefused':
      return decision.asked;
    case 'HoldExpired':
      return undefined;
  }
};
