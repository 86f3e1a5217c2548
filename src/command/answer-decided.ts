import type { FastifyReply } from 'fastify';
import type { RejectionReason } from '../domain/decisions.ts';
import type { Reservation } from '../domain/reservation.ts';
import type { Problem } from '../http/problem.ts';
import { representReservation, reservationEtag, reservationPath } from '../http/represent-reservation.ts';
import { sendProblem } from '../http/send-problem.ts';

/** 201 with the reservation, or the problem that is the reason of its rejection, which names it in `instance`. */
export const answerDecided = (reply: FastifyReply, reservation: Reservation): FastifyReply => {
  if (reservation.status === 'rejected') return sendProblem(reply, rejection(reservation));
  reply.header('location', reservationPath(reservation.id));
  reply.header('etag', reservationEtag(reservation));
  return reply.code(201).send(representReservation(reservation));
};

const rejection = ({ id, reason, poolId }: Reservation): Problem => {
  if (reason === undefined) throw new Error(`reservation ${id} is rejected without a reason`);
  return {
    code: reason,
    detail: detailOf(reason, poolId),
    instance: reservationPath(id),
    ...(poolId !== undefined && { members: { poolId } }),
  };
};

const detailOf = (reason: RejectionReason, poolId = ''): string => {
  switch (reason) {
    case 'not-found':
      return 'There is no show with this id. GET /v1/shows lists those there are.';
    case 'unknown-pool':
      return `The show has no pool "${poolId}". GET the show to see its pools.`;
    case 'over-request-limit':
      return 'One reservation of this show may not ask for so many places. Ask for fewer.';
    case 'sale-not-open':
      return 'The request arrived before the sale opened. Ask again when it is open.';
    case 'sale-closed':
      return 'The request arrived after the sale closed.';
    case 'sold-out':
      return `Pool "${poolId}" had fewer places left than you asked for. Ask for fewer, or for another pool.`;
  }
};
