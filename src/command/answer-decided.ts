import type { FastifyReply } from 'fastify';
import { isRejectionReason } from '../domain/reasons.ts';
import type { Reservation } from '../domain/reservation.ts';
import type { Problem } from '../http/problem.ts';
import { representReservation, reservationEtag, reservationPath } from '../http/represent-reservation.ts';
import { sendProblem } from '../http/send-problem.ts';
import { refusedProblem } from './refused-problem.ts';

/** 201 with the reservation, or the problem that is the reason of its rejection, which names it in `instance`. */
export const answerDecided = (reply: FastifyReply, reservation: Reservation): FastifyReply => {
  if (reservation.status === 'rejected') return sendProblem(reply, rejection(reservation));
  reply.header('location', reservationPath(reservation.id));
  reply.header('etag', reservationEtag(reservation));
  return reply.code(201).send(representReservation(reservation));
};

const rejection = ({ id, reason, poolId, firstId }: Reservation): Problem => {
  if (reason === undefined || !isRejectionReason(reason))
    throw new Error(`reservation ${id} is rejected for ${reason}, which is no reason of this version`);
  // Whoever repeats a request is sent to the one that counts.
  const instance = reason === 'duplicate-request' && firstId !== undefined ? firstId : id;
  return refusedProblem({ reason, ...(poolId !== undefined && { poolId }) }, reservationPath(instance));
};
