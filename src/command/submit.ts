import { partitionOf, type RequestId } from '../domain/ids.ts';
import type { Outcome } from '../domain/outcome.ts';
import { isRefusalReason, isRejectionReason } from '../domain/reasons.ts';
import { type RequestEvent, type RequestKey, requestIdOf } from '../domain/requests.ts';
import type { StreamId } from '../domain/stream-id.ts';
import type { AppendVerdict, KeyOwner, OutcomeWait } from '../log/contract.ts';
import type { CommandOptions } from './options.ts';

export interface Submitting {
  readonly waitMs: number;
  /** The key was seen before: the request may be decided already. */
  readonly replayed: boolean;
  /** Calls back when the client hangs up: nobody waits for the outcome any more. */
  readonly onHangUp?: (listener: () => void) => void;
  readonly options: SubmitOptions;
}

export type SubmitOptions = Pick<CommandOptions, 'appender' | 'outcomes' | 'lookUp'>;

export type Submission = Verdict & {
  /** It was asked for before: what is answered is what became of that. */
  readonly replayed: boolean;
};

/** Another request has the key, and nothing was appended: it is to be submitted again, under that one's name. */
export interface Taken {
  readonly type: 'taken';
  readonly owner: KeyOwner;
}

type Verdict =
  | { readonly type: 'decided'; readonly outcome: Outcome }
  /** On the stream, and not decided in time. */
  | { readonly type: 'queued'; readonly streamId: StreamId }
  /** Certainly not on the stream. */
  | { readonly type: 'refused' }
  /** Perhaps on the stream. */
  | { readonly type: 'unknown' };

/** Submits a request under the name that is its own, whoever has its key. */
export const submit = async (request: RequestEvent, submitting: Submitting): Promise<Submission> => {
  const submission = await waitAppendHear(request, submitting);
  if (submission.type === 'taken')
    throw new Error(`${requestIdOf(request)} claimed a key that it should not`);
  return submission;
};

/** Submits a request that takes its key, if it has one, and nothing where another request has it. */
export const submitFirst = (
  request: RequestEvent,
  submitting: Omit<Submitting, 'replayed'>,
): Promise<Submission | Taken> => waitAppendHear(request, { ...submitting, replayed: false }, request.key);

/** The one way onto the stream, and to what becomes of it. Knows nothing of HTTP. */
const waitAppendHear = async (
  request: RequestEvent,
  submitting: Submitting,
  claiming?: RequestKey,
): Promise<Submission | Taken> => {
  const { options, replayed } = submitting;
  const id = requestIdOf(request);
  const wait = startWaiting(id, submitting);
  let verdict: AppendVerdict;
  try {
    verdict = await options.appender.append(partitionOf(id), request, claiming);
  } catch (error) {
    wait?.cancel();
    throw error;
  }
  if (verdict.type === 'refused' || verdict.type === 'taken') {
    wait?.cancel();
    return verdict.type === 'taken' ? verdict : { type: 'refused', replayed: false };
  }
  // Whoever waits may hear of a decision although the reply to the append was lost.
  const heard = (await wait?.outcome) ?? (replayed ? await lookUp(id, options) : undefined);
  const first = heard && firstIdOf(heard);
  const outcome = first ? ((await lookUp(first, options)) ?? heard) : heard;
  const decided = outcome && !isToldLater(outcome);
  return {
    ...(decided ? { type: 'decided', outcome } : verdictWithout(verdict)),
    replayed: replayed || outcome !== heard,
  };
};

const verdictWithout = (
  verdict: { readonly type: 'appended'; readonly streamId: StreamId } | { readonly type: 'unknown' },
): Verdict =>
  verdict.type === 'unknown' ? { type: 'unknown' } : { type: 'queued', streamId: verdict.streamId };

/** Before the append, or the outcome may pass unseen. A client that hangs up waits no longer. */
const startWaiting = (
  id: RequestId,
  { waitMs, onHangUp, options: { outcomes } }: Submitting,
): OutcomeWait | undefined => {
  if (waitMs === 0) return undefined;
  const wait = outcomes.wait(id, { timeoutMs: waitMs });
  onHangUp?.(() => wait.cancel());
  return wait;
};

/** The tables may be away: then it is as if nothing had been decided yet, which is what the client can act on. */
const lookUp = (id: RequestId, options: SubmitOptions): Promise<Outcome | undefined> =>
  options.lookUp(id).catch(() => undefined);

/** Redis forgot the key and the tables did not: the first request with it is the one that counts. */
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
 * A request that was set aside has a reservation, and no decision. And a reason that only a newer build knows has no problem
 * here: GET tells it as it stands.
 */
const isToldLater = (outcome: Outcome): boolean => {
  switch (outcome.type) {
    case 'reservation': {
      const { status, reason } = outcome.reservation;
      return status === 'pending' || (reason !== undefined && !isRejectionReason(reason));
    }
    case 'answer':
      return outcome.refusal !== undefined && !isRefusalReason(outcome.refusal.reason);
    case 'show':
      return false;
  }
};
