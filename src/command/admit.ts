import type { RequestId } from '../domain/ids.ts';
import type { RequestKey } from '../domain/requests.ts';
import { orUnavailable } from '../http/or-unavailable.ts';
import type { Problem } from '../http/problem.ts';
import type { KeyOwner } from '../log/contract.ts';
import type { CommandOptions } from './options.ts';

export interface Asking<Id extends RequestId> {
  /** What the request is to be called, unless its key has a name already. Called once, and only for who is let in. */
  readonly newId: () => Id;
  readonly key: RequestKey | undefined;
  /** What the door says. */
  readonly refusal: Problem | undefined;
  readonly parseId: (text: string) => Id | undefined;
}

export type Admission<Id extends RequestId> =
  /** `replayed`: the key was seen before, and the request goes by the name it got then. */
  | { readonly type: 'admitted'; readonly id: Id; readonly replayed: boolean }
  | { readonly type: 'refused'; readonly problem: Problem };

type AdmitOptions = Pick<CommandOptions, 'keys' | 'keyOnRecord' | 'onRefused'>;

/**
 * Keys come before the door: whoever asks again with a key goes past it, or a customer who holds the last places would
 * be told "sold out". A refusal at the door is not remembered, so only who is let in takes the key.
 */
export const admit = async <Id extends RequestId>(
  asking: Asking<Id>,
  options: AdmitOptions,
): Promise<Admission<Id>> =>
  asking.refusal ? await turnAway(asking, asking.refusal, options) : await letIn(asking, options);

const letIn = async <Id extends RequestId>(
  asking: Asking<Id>,
  { keys }: AdmitOptions,
): Promise<Admission<Id>> => {
  const { key, newId } = asking;
  const id = newId();
  const owner = key && (await orUnavailable('Redis', keys.claim(key, id)));
  return owner && owner.requestId !== id ? replay(owner, asking) : { type: 'admitted', id, replayed: false };
};

/**
 * Only a refusal makes the tables worth asking: Redis forgets a key after a quarter of an hour, and by then the show may
 * be full. Who is let in is recognised when the request is decided. With the tables away a refusal stands.
 */
const turnAway = async <Id extends RequestId>(
  asking: Asking<Id>,
  problem: Problem,
  { keys, keyOnRecord, onRefused }: AdmitOptions,
): Promise<Admission<Id>> => {
  const { key } = asking;
  const owner =
    key &&
    ((await orUnavailable('Redis', keys.owner(key))) ?? (await keyOnRecord(key).catch(() => undefined)));
  if (owner) return replay(owner, asking);
  onRefused(problem.code);
  return { type: 'refused', problem };
};

const replay = <Id extends RequestId>(owner: KeyOwner, { key, parseId }: Asking<Id>): Admission<Id> => {
  const id = parseId(owner.requestId);
  return id !== undefined && owner.fingerprint === key?.fingerprint
    ? { type: 'admitted', id, replayed: true }
    : { type: 'refused', problem: keyReused };
};

const keyReused: Problem = {
  code: 'idempotency-key-reused',
  detail:
    'This Idempotency-Key stands for another request. Nothing was done; use a new key for a new request.',
};
