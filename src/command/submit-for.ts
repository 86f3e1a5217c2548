import type { FastifyReply } from 'fastify';
import type { RequestId } from '../domain/ids.ts';
import type { RequestEvent } from '../domain/requests.ts';
import { acceptedAs } from '../http/observe-requests.ts';
import { onHangUp } from '../http/on-hang-up.ts';
import { type Asked, type Asking, type AskOptions, ask } from './ask.ts';
import { type Submission, type Submitting, submit, submitFirst } from './submit.ts';

interface SubmittingFor {
  readonly waitMs: number;
  readonly options: Submitting['options'];
}

/** Submits for whoever waits at the other end of `reply`: hanging up ends the wait. */
export const submitFor = (
  reply: FastifyReply,
  request: RequestEvent,
  submitting: SubmittingFor,
): Promise<Submission> =>
  submit(acceptedAs(reply, request), { ...submitting, replayed: false, onHangUp: onHangUpOf(reply) });

/** The same through key and door; a replay is told as one. */
export const askFor = async <Id extends RequestId, Event extends RequestEvent>(
  reply: FastifyReply,
  asking: Asking<Id, Event>,
  submitting: SubmittingFor & { readonly options: AskOptions },
): Promise<Asked<Event>> => {
  const waiting = { ...submitting, onHangUp: onHangUpOf(reply) };
  const asked = await ask(
    asking,
    {
      first: (event) => submitFirst(acceptedAs(reply, event), waiting),
      again: (event) => submit(acceptedAs(reply, event), { ...waiting, replayed: true }),
    },
    submitting.options,
  );
  if (asked.type === 'submitted' && asked.submission.replayed) reply.header('idempotent-replayed', 'true');
  return asked;
};

const onHangUpOf =
  (reply: FastifyReply) =>
  (listener: () => void): void =>
    onHangUp(reply, listener);
