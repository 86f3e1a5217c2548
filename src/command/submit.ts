import { partitionOf, type RequestId } from '../domain/ids.ts';
import type { Outcome } from '../domain/outcome.ts';
import { isRefusalReason, isRejectionReason } from '../domain/reasons.ts';
import { type RequestEvent, type RequestKey, requestIdOf } from '../domain/requests.ts';
import type { StreamId } from '../domain/stream-id.ts';
import type { AppendVerdict, KeyOwner, Outcomes, OutcomeWait, RequestAppender } from '../log/contract.ts';

export interface SubmitOptions {
  readonly appender: RequestAppender;
  readonly outcomes: Outcomes;
  /**
   * Reads the result of a request from the tables; called only for keys that were seen before. If it throws,
   * the request counts as undecided.
   */
  readonly lookUp: (id: RequestId) => Promise<Outcome | undefined>;
}

/** How long the client waits for the decision; 0 for not at all. */
export interface Wait {
  readonly ms: number;
  /** Calls the listener when the client hangs up, which ends the wait. */
  readonly onHangUp?: (listener: () => void) => void;
}

export type Submission = Verdict & {
  /** The request was made before: the verdict is the result of the first one. */
  readonly replayed: boolean;
};

type Verdict =
  | { readonly type: 'decided'; readonly outcome: Outcome }
  /** On the stream, and not decided in time. */
  | { readonly type: 'queued'; readonly streamId: StreamId }
  /** Certainly not on the stream. */
  | { readonly type: 'refused' }
  /** Perhaps on the stream. */
  | { readonly type: 'unknown' };

/**
 * Another request owns the key, so nothing was appended. This request must be submitted again under the
 * owner's id.
 */
export interface KeyConflict {
  readonly type: 'taken';
  readonly owner: KeyOwner;
}

/**
 * Submits a request and claims its key, if it has one. Nothing is appended if another request owns the key.
 */
export const submitFirst = (
  request: RequestEvent,
  wait: Wait,
  options: SubmitOptions,
): Promise<Submission | KeyConflict> =>
  appendAndWait(request, { wait, replayed: false, claim: request.key }, options);

/** Submits a request without claiming a key; the outcome that it waits for is its own. */
export const submit = (request: RequestEvent, wait: Wait, options: SubmitOptions): Promise<Submission> =>
  appendUnclaimed(request, { wait, replayed: false }, options);

/** Submits a request again, under the id that its key got first; it may be decided already. */
export const submitAgain = (request: RequestEvent, wait: Wait, options: SubmitOptions): Promise<Submission> =>
  appendUnclaimed(request, { wait, replayed: true }, options);

interface Attempt {
  readonly wait: Wait;
  readonly replayed: boolean;
  readonly claim?: RequestKey | undefined;
}

const appendUnclaimed = async (
  request: RequestEvent,
  attempt: Omit<Attempt, 'claim'>,
  options: SubmitOptions,
): Promise<Submission> => {
  const submission = await appendAndWait(request, attempt, options);
  if (submission.type === 'taken')
    throw new Error(`${requestIdOf(request)} claimed a key that it should not`);
  return submission;
};

/** Appends a request and waits for its outcome; all submissions go through here. Independent of HTTP. */
const appendAndWait = async (
  request: RequestEvent,
  { wait, replayed, claim }: Attempt,
  options: SubmitOptions,
): Promise<Submission | KeyConflict> => {
  const id = requestIdOf(request);
  const waiting = startWaiting(id, wait, options);
  let verdict: AppendVerdict;
  try {
    verdict = await options.appender.append(partitionOf(id), request, claim);
  } catch (error) {
    waiting?.cancel();
    throw error;
  }
  if (verdict.type === 'refused' || verdict.type === 'taken') {
    waiting?.cancel();
    return verdict.type === 'taken' ? verdict : { type: 'refused', replayed: false };
  }
  // The outcome may arrive even though the reply to the append was lost.
  const own = (await waiting?.outcome) ?? (replayed ? await lookUp(id, options) : undefined);
  const firstId = own && firstIdOf(own);
  const outcome = firstId ? ((await lookUp(firstId, options)) ?? own) : own;
  const decided = outcome && isAnswerable(outcome);
  return {
    ...(decided ? { type: 'decided', outcome } : undecided(verdict)),
    replayed: replayed || outcome !== own,
  };
};

const undecided = (
  verdict: { readonly type: 'appended'; readonly streamId: StreamId } | { readonly type: 'unknown' },
): Verdict =>
  verdict.type === 'unknown' ? { type: 'unknown' } : { type: 'queued', streamId: verdict.streamId };

/** The wait begins before the append, because the outcome may be published right after it. */
const startWaiting = (
  id: RequestId,
  { ms, onHangUp }: Wait,
  { outcomes }: SubmitOptions,
): OutcomeWait | undefined => {
  if (ms === 0) return undefined;
  const wait = outcomes.wait(id, { timeoutMs: ms });
  onHangUp?.(() => wait.cancel());
  return wait;
};

/**
 * If the tables are unavailable the request counts as undecided: the client then knows that it should ask
 * again.
 */
const lookUp = (id: RequestId, options: SubmitOptions): Promise<Outcome | undefined> =>
  options.lookUp(id).catch(() => undefined);

/**
 * Defined where Redis had evicted the key and the tables still have it: the first request with the key is the
 * one that counts.
 */
const firstIdOf = (outcome: Outcome): RequestId | undefined => {
  switch (outcome.type) {
    case 'reservation': {
      const { reason, firstId } = outcome.reservation;
      return reason === 'duplicate-request' ? firstId : undefined;
    }
    case 'answer':
      return outcome.refusal?.reason === 'duplicate-request' ? outcome.refusal.firstId : undefined;
    case 'show':
      return undefined;
  }
};

/**
 * False for a parked request, which has a reservation but no decision. Also false for a reason that only a
 * newer build knows: this build has no problem for it, but GET shows the reason.
 */
const isAnswerable = (outcome: Outcome): boolean => {
  switch (outcome.type) {
    case 'reservation': {
      const { status, reason } = outcome.reservation;
      return status !== 'pending' && (reason === undefined || isRejectionReason(reason));
    }
    case 'answer':
      return outcome.refusal === undefined || isRefusalReason(outcome.refusal.reason);
    case 'show':
      return true;
  }
};
