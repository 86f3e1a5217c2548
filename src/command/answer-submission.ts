import type { FastifyReply } from 'fastify';
import type { PoolId } from '../domain/ids.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { RefusalReason, RejectionReason } from '../domain/reasons.ts';
import type { StreamId } from '../domain/stream-id.ts';
import { retryAfterSeconds } from '../http/message/retry-after.ts';
import type { Problem } from '../http/problems/problem.ts';
import { sendProblem } from '../http/problems/send-problem.ts';
import type { Backlogs } from '../log/contract.ts';
import { reasonDetail } from './reason-detail.ts';
import type { Submission } from './submit.ts';

/** The parts of a command's answer that differ between commands. */
export interface CommandAnswer {
  /** The reservation or show that the command makes or changes. */
  readonly path: string;
  /** The partition in whose queue a request waits. */
  readonly partition: number;
  /** `creationUnknown` or `changeUnknown`. */
  readonly unknown: (path: string) => Problem;
  /** The body of 202. The stream id is undefined where only the outcome was received. */
  readonly pending: (streamId: StreamId | undefined) => object;
  /**
   * Answers with the decision. Returns undefined where the outcome does not show the result of the request;
   * the answer is then 202.
   */
  readonly decided: (outcome: Outcome) => FastifyReply | undefined;
}

export interface AnswerOptions {
  readonly backlogs: Backlogs;
}

/** Builds the answer to a submission, for all commands. */
export const answerSubmission = (
  reply: FastifyReply,
  submission: Submission,
  { path, partition, unknown, pending, decided }: CommandAnswer,
  { backlogs }: AnswerOptions,
): FastifyReply => {
  if (submission.replayed) reply.header('idempotent-replayed', 'true');
  if (submission.type === 'refused') return sendProblem(reply, refusedByLog);
  if (submission.type === 'unknown') return sendProblem(reply, unknown(path));
  const answered = submission.type === 'decided' ? decided(submission.outcome) : undefined;
  if (answered) return answered;
  const streamId = submission.type === 'queued' ? submission.streamId : undefined;
  reply.header('location', path).header('retry-after', retryAfterSeconds(backlogs.of(partition)));
  return reply.code(202).send(pending(streamId));
};

const refusedByLog: Problem = {
  code: 'overloaded',
  detail: 'The log cannot take the request right now. Nothing was done; try again after Retry-After seconds.',
  retryAfterSeconds: 1,
};

/** For a request that creates something: whether that exists shows whether the request was carried out. */
export const creationUnknown = (path: string): Problem => ({
  code: 'outcome-unknown',
  detail: `The log did not answer: the request may or may not be in the queue. GET ${path} after Retry-After seconds; if it is 404 then, nothing was done and you may ask again.`,
  instance: path,
  retryAfterSeconds: 2,
});

/** For a request about something that exists. */
export const changeUnknown = (path: string): Problem => ({
  code: 'outcome-unknown',
  detail: `The log did not answer: the request may or may not be in the queue. GET ${path} after Retry-After seconds to see whether it was carried out, or ask again.`,
  instance: path,
  retryAfterSeconds: 2,
});

interface DecidedRefusal {
  readonly reason: RejectionReason | RefusalReason;
  readonly poolId?: PoolId;
}

/** A refusal by the decision. The codes of these problems are named after the reasons. */
export const refusedProblem = ({ reason, poolId }: DecidedRefusal, instance: string): Problem => ({
  code: reason,
  detail: reasonDetail(reason, poolId),
  instance,
  ...(poolId !== undefined && { members: { poolId } }),
});
