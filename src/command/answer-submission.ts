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

/**
 * The answer of a command as a value: a call of one command sends it as a response, and a call of many lists
 * it among its results.
 */
export type Answer = Granted | Refused;

/** Carried out, or in the queue. */
export interface Granted {
  readonly type: 'granted';
  readonly status: 200 | 201 | 202;
  readonly body: object;
  readonly location?: string;
  readonly etag?: string;
  readonly retryAfterSeconds?: number;
}

export interface Refused {
  readonly type: 'refused';
  readonly problem: Problem;
}

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
   * The answer with the decision. Undefined where the outcome does not show the result of the request; the
   * answer is then 202.
   */
  readonly decided: (outcome: Outcome) => Answer | undefined;
}

export interface AnswerOptions {
  readonly backlogs: Backlogs;
}

/** The answer to a submission, for all commands. */
export const answerTo = (
  submission: Submission,
  { path, partition, unknown, pending, decided }: CommandAnswer,
  { backlogs }: AnswerOptions,
): Answer => {
  if (submission.type === 'refused') return refused(refusedByLog);
  if (submission.type === 'unknown') return refused(unknown(path));
  const answer = submission.type === 'decided' ? decided(submission.outcome) : undefined;
  if (answer) return answer;
  return {
    type: 'granted',
    status: 202,
    body: pending(submission.type === 'queued' ? submission.streamId : undefined),
    location: path,
    retryAfterSeconds: retryAfterSeconds(backlogs.of(partition)),
  };
};

/** Sends the answer to a submission, for all commands that are a call of their own. */
export const answerSubmission = (
  reply: FastifyReply,
  submission: Submission,
  command: CommandAnswer,
  options: AnswerOptions,
): FastifyReply => {
  if (submission.replayed) reply.header('idempotent-replayed', 'true');
  const answer = answerTo(submission, command, options);
  if (answer.type === 'refused') return sendProblem(reply, answer.problem);
  if (answer.location !== undefined) reply.header('location', answer.location);
  if (answer.etag !== undefined) reply.header('etag', answer.etag);
  if (answer.retryAfterSeconds !== undefined) reply.header('retry-after', answer.retryAfterSeconds);
  return reply.code(answer.status).send(answer.body);
};

export const refused = (problem: Problem): Refused => ({ type: 'refused', problem });

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
export const refusedFor = ({ reason, poolId }: DecidedRefusal, instance: string): Refused =>
  refused({
    code: reason,
    detail: reasonDetail(reason, poolId),
    instance,
    ...(poolId !== undefined && { members: { poolId } }),
  });
