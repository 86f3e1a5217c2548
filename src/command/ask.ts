import type { RequestId } from '../domain/ids.ts';
import type { RequestEvent, RequestKey } from '../domain/requests.ts';
import { orUnavailable } from '../http/or-unavailable.ts';
import type { Problem } from '../http/problem.ts';
import type { KeyOwner } from '../log/contract.ts';
import type { CommandOptions } from './options.ts';
import type { Submission, Taken } from './submit.ts';

export interface Asking<Id extends RequestId, Event extends RequestEvent> {
  /** What the request is to be called, unless its key has a name already. Called once, and only for who is let in. */
  readonly newId: () => Id;
  readonly parseId: (text: string) => Id | undefined;
  readonly named: (id: Id) => Event;
  readonly key: RequestKey | undefined;
  /** What the door says. */
  readonly refusal: Problem | undefined;
}

export type Asked<Event extends RequestEvent> =
  | { readonly type: 'turned-away'; readonly problem: Problem }
  | { readonly type: 'submitted'; readonly event: Event; readonly submission: Submission };

/** How the request gets onto the stream. */
export interface Submits<Event> {
  /** Under a name of its own, with its key: whoever was first with that has it. */
  readonly first: (event: Event) => Promise<Submission | Taken>;
  /** Under the name that its key got when it was seen first. */
  readonly again: (event: Event) => Promise<Submission>;
}

export type AskOptions = Pick<CommandOptions, 'keys' | 'keyOnRecord' | 'onRefused'>;

/**
 * Keys come before the door: whoever asks again with a key goes past it, or a customer who holds the last places would
 * be told "sold out". A refusal at the door is not remembered, so only who is let in takes the key.
 */
export const ask = async <Id extends RequestId, Event extends RequestEvent>(
  asking: Asking<Id, Event>,
  submits: Submits<Event>,
  options: AskOptions,
): Promise<Asked<Event>> => {
  const { refusal, newId, named } = asking;
  if (refusal) return await turnAway(asking, submits, { ...options, refusal });
  const event = named(newId());
  const submission = await submits.first(event);
  return submission.type === 'taken'
    ? await replay(submission.owner, asking, submits)
    : { type: 'submitted', event, submission };
};

/**
 * Only a refusal makes the tables worth asking: Redis forgets a key after a quarter of an hour, and by then the show may
 * be full. Who is let in is recognised when the request is decided. With the tables away a refusal stands.
 */
const turnAway = async <Id extends RequestId, Event extends RequestEvent>(
  asking: Asking<Id, Event>,
  submits: Submits<Event>,
  { refusal, keys, keyOnRecord, onRefused }: AskOptions & { readonly refusal: Problem },
): Promise<Asked<Event>> => {
  const { key } = asking;
  const owner =
    key &&
    ((await orUnavailable('Redis', keys.owner(key))) ?? (await keyOnRecord(key).catch(() => undefined)));
  if (owner) return await replay(owner, asking, submits);
  onRefused(refusal.code);
  return { type: 'turned-away', problem: refusal };
};

const replay = async <Id extends RequestId, Event extends RequestEvent>(
  owner: KeyOwner,
  { key, parseId, named }: Asking<Id, Event>,
  submits: Submits<Event>,
): Promise<Asked<Event>> => {
  const id = parseId(owner.requestId);
  if (id === undefined || owner.fingerprint !== key?.fingerprint)
    return { type: 'turned-away', problem: keyReused };
  const event = named(id);
  return { type: 'submitted', event, submission: await submits.again(event) };
};

const keyReused: Problem = {
  code: 'idempotency-key-reused',
  detail:
    'This Idempotency-Key stands for another request. Nothing was done; use a new key for a new request.',
};
