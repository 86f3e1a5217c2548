import fastify, { type FastifyInstance } from 'fastify';
import { pino } from 'pino';
import Type from 'typebox';
import { reservationIdField } from '../../../src/http/message/fields.ts';
import { observeRequests, type RequestObserver } from '../../../src/http/observe/observe-requests.ts';
import { type OrderBody, orderSchema } from './order-schema.ts';
import type { Order, PurchaseAnswer } from './peer.ts';

const answers = {
  sold: { code: 201, status: 'confirmed' },
  queued: { code: 202, status: 'pending' },
  'sold-out': { code: 409, status: 'rejected' },
} as const satisfies Record<PurchaseAnswer, { readonly code: number; readonly status: string }>;

const params = Type.Object({ id: reservationIdField });

/**
 * The HTTP server of every peer: the same address, body and rules as ours, and otherwise as little as
 * possible.
 */
export const newPeerServer = (
  buy: (order: Order) => Promise<PurchaseAnswer>,
  observer?: RequestObserver,
): FastifyInstance => {
  const app = fastify({
    logger: false,
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false } },
  });
  if (observer) observeRequests(app, { observer, logger: pino({ level: 'silent' }) });
  const body = orderSchema;
  app.post<{ Body: OrderBody }>('/v1/reservations', { schema: { body } }, async (request, reply) => {
    const { showId, lines, reference } = request.body;
    const quantity = lines.reduce((sum, line) => sum + line.quantity, 0);
    const { code, status } = answers[await buy({ quantity, ...(reference !== undefined && { reference }) })];
    return reply.code(code).send({ status, showId, lines });
  });
  // The answer to a GET of a reservation, without any lookup.
  app.get<{ Params: { id: string } }>('/v1/reservations/:id', { schema: { params } }, async (request) => ({
    ...aReservation,
    id: request.params.id,
  }));
  return app;
};

const aReservation = {
  status: 'confirmed',
  showId: '01941f29-7000-8003-8123-456789abcdef',
  lines: [{ poolId: 'stalls', quantity: 1 }],
  requestedAt: '2026-01-31T20:00:00.000Z',
  decidedAt: '2026-01-31T20:00:00.007Z',
};
