import { type RequestEvent, type RequestKey, withId } from '../domain/requests.ts';
import { redisOrUnavailable } from '../http/problems/or-unavailable.ts';
import type { Problem } from '../http/problems/problem.ts';
import type { ProblemCode } from '../http/problems/problems.ts';
import type { KeyOwner, RequestKeys } from '../log/contract.ts';
import { type Submission, type SubmitOptions, submitAgain, submitFirst, type Wait } from './submit.ts';

export interface AdmitOptions extends SubmitOptions {
  readonly keys: Pick<RequestKeys, 'owner'>;
  /**
   * Returns the request that has this key in the tables. Called before a refusal at the door, when Redis does
   * not know the key.
   */
  readonly keyOnRecord: (key: RequestKey) => Promise<KeyOwner | undefined>;
  /** Called for each refusal at the door, because such a refusal is recorded nowhere else. */
  readonly onRefused: (code: ProblemCode) => void;
}

/** A request that is not on the stream yet. */
export interface Candidate<Request extends RequestEvent> {
  readonly key: RequestKey | undefined;
  /** Why the door would refuse the request; undefined where it would not. */
  readonly refusal: Problem | undefined;
  /**
   * Makes the request, with a new id. Called only for a request that is submitted, because making an id would
   * cost a tenth of a refusal.
   */
  readonly newRequest: () => Request;
}

export type Admission<Request extends RequestEvent> =
  | { readonly type: 'refused'; readonly problem: Problem }
  | { readonly type: 'submitted'; readonly request: Request; readonly submission: Submission };

/**
 * Submits a request, unless the door refuses it. Keys are checked before the door, so that a repeated request
 * is not answered "sold out" for places that its customer holds. A refusal claims no key, so the same request
 * may be let in later.
 */
export const admit = async <Request extends RequestEvent>(
  { key, refusal, newRequest }: Candidate<Request>,
  wait: Wait,
  options: AdmitOptions,
): Promise<Admission<Request>> => {
  if (!refusal) {
    const request = newRequest();
    const submission = await submitFirst(request, wait, options);
    return submission.type === 'taken'
      ? await replay(request, submission.owner, wait, options)
      : { type: 'submitted', request, submission };
  }
  const owner = key && (await ownerOf(key, options));
  if (owner) return await replay(newRequest(), owner, wait, options);
  options.onRefused(refusal.code);
  return { type: 'refused', problem: refusal };
};

/**
 * The tables are read too, because Redis keeps a key only for a quarter of an hour, and the show may be full
 * by then. They are read only before a refusal: for any other request the decision recognises the key. If the
 * tables are unavailable, the request is refused.
 */
const ownerOf = async (key: RequestKey, { keys, keyOnRecord }: AdmitOptions): Promise<KeyOwner | undefined> =>
  (await redisOrUnavailable(keys.owner(key))) ?? (await keyOnRecord(key).catch(() => undefined));

/**
 * Appends the request again, under the id that its key got first. That request is decided once, however often
 * it is appended.
 */
const replay = async <Request extends RequestEvent>(
  request: Request,
  { requestId, fingerprint }: KeyOwner,
  wait: Wait,
  options: AdmitOptions,
): Promise<Admission<Request>> => {
  const first = fingerprint === request.key?.fingerprint ? withId(request, requestId) : undefined;
  if (!first) return { type: 'refused', problem: keyReused };
  return { type: 'submitted', request: first, submission: await submitAgain(first, wait, options) };
};

const keyReused: Problem = {
  code: 'idempotency-key-reused',
  detail:
    'This Idempotency-Key stands for another request. Nothing was done; use a new key for a new request.',
};
