import type { FastifyReply } from 'fastify';
import type { RequestEvent } from '../domain/requests.ts';
import { acceptedAs } from '../http/observe-requests.ts';
import { type Submission, type Submitting, submit } from './submit.ts';

/** Submits for whoever waits at the other end of `reply`: hanging up ends the wait, and a replay is told as one. */
export const submitFor = async (
  reply: FastifyReply,
  request: RequestEvent,
  submitting: Omit<Submitting, 'onHangUp'>,
): Promise<Submission> => {
  const onHangUp = (listener: () => void): void => {
    reply.raw.once('close', listener);
  };
  const traced = acceptedAs(reply, request);
  const submission = await submit(traced, { ...submitting, onHangUp });
  if (submission.replayed) reply.header('idempotent-replayed', 'true');
  return submission;
};
