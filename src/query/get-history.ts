import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import type { Decision } from '../domain/decisions.ts';
import { msOf } from '../domain/stream-id.ts';
import { answeredLine, idParameters, timeField } from '../http/fields.ts';
import { requireCustomer } from '../http/identity.ts';
import { orUnavailable } from '../http/or-unavailable.ts';
import { timeText } from '../http/represent-reservation.ts';
import { sendProblem } from '../http/send-problem.ts';
import type { HistoryItem } from '../store/contract.ts';
import { lookUpReservation } from './look-up-reservation.ts';
import type { QueryOptions } from './options.ts';
import { noSuchReservation, parseOwnReservationId, type ReservationRoute } from './own-reservation-id.ts';
import { ownReadProblems } from './read-problems.ts';

const itemSchema = Type.Object({
  kind: Type.Unsafe<'request' | 'decision' | 'parked'>({
    type: 'string',
    enum: ['request', 'decision', 'parked'],
  }),
  event: Type.Optional(Type.String({ description: 'What was asked, or what was decided.' })),
  streamId: Type.String({ description: 'Its place in the stream: the order in which requests arrived.' }),
  at: timeField,
  position: Type.Optional(Type.Integer({ description: 'Its place in the journal of the partition.' })),
  late: Type.Optional(Type.Boolean({ description: 'Decided on arrival, after newer ones.' })),
  reason: Type.Optional(Type.String()),
  lines: Type.Optional(Type.Array(answeredLine)),
  why: Type.Optional(Type.String({ description: 'Why it could not be decided and was set aside.' })),
});

type Item = Type.Static<typeof itemSchema>;

const schema = {
  operationId: 'getReservationHistory',
  summary: 'How a reservation came to be what it is',
  description: 'Its requests and decisions, oldest first. Empty while the first is still in the queue.',
  tags: ['reservations'],
  security: [{ customer: [] }],
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
              },
              {
                kind: 'decision',
                event: 'ReservationConfirmed',
                streamId: '1735689600000-7',
                at: '2025-01-01T00:00:00.012Z',
                position: 8,
                late: false,
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
  const onRequest = requireCustomer(options.identity);
  const config = { problems: ownReadProblems };
  app.get<ReservationRoute>(
    '/v1/reservations/:id/history',
    { schema, config, onRequest },
    async (request, reply) => {
      const id = parseOwnReservationId(request, options);
      if (!id) return sendProblem(reply, noSuchReservation);
      const seen = await lookUpReservation(id, options);
      if (seen.type === 'unknown') return sendProblem(reply, noSuchReservation);
      const history = await orUnavailable('MySQL', options.reader.history(id));
      reply.header('cache-control', 'private, no-cache');
      return reply.send({ data: history.flatMap(itemsOf) });
    },
  );
};

const itemsOf = (item: HistoryItem): readonly Item[] => {
  if (item.type === 'parked')
    return [{ kind: 'parked', streamId: item.streamId, at: timeText(item.parkedAtMs), why: item.why }];
  const { decision, streamId, position, late, decidedAtMs } = item.entry;
  return [
    { kind: 'request', event: requestBehind[decision.type], streamId, at: timeText(msOf(streamId)) },
    {
      kind: 'decision',
      event: decision.type,
      streamId,
      at: timeText(decidedAtMs),
      position,
      late,
      ...('reason' in decision && { reason: decision.reason }),
      ...('lines' in decision && { lines: [...decision.lines] }),
    },
  ];
};

const requestBehind: Readonly<Record<Decision['type'], string>> = {
  ShowOpened: 'ShowOpeningRequested',
  ReservationConfirmed: 'ReservationRequested',
  ReservationRejected: 'ReservationRequested',
};
