import type { Writable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RequestId } from '../domain/ids.ts';
import type { Outcome } from '../domain/outcome.ts';
import { onHangUp } from '../http/on-hang-up.ts';
import { orUnavailable } from '../http/or-unavailable.ts';
import type { Problem } from '../http/problem.ts';
import { sendProblem } from '../http/send-problem.ts';
import type { StreamEvent } from './event-stream.ts';
import type { EventStreams } from './event-streams.ts';
import type { QueryOptions } from './options.ts';
import { tooManyHere } from './stream-places.ts';

const readyMsMax = 5_000;

/** What is followed: how to look at it now, and how to hear of it later. */
export interface Followed<State> {
  readonly id: RequestId;
  /** As it stands; undefined when there is no such thing. */
  look(): Promise<State | undefined>;
  stateIn(outcome: Outcome): State | undefined;
  /** Whether `one` is from before `other`. */
  isOlder(one: State, other: State): boolean;
  eventOf(state: State): StreamEvent;
  isFinal(state: State): boolean;
  readonly notFound: Problem;
  /** How states that are heard of get to `tell`; at once when absent. */
  pace?(tell: (state: State) => void, client: Writable): (state: State) => void;
}

export interface Following {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly streams: EventStreams;
  readonly options: Pick<QueryOptions, 'watches'>;
}

/** Answers with a stream of states: the one there is now, unless the client has seen it, and each one after it. */
export const follow = async <State>(
  followed: Followed<State>,
  { request, reply, streams, options }: Following,
): Promise<FastifyReply> => {
  // Whoever has left meanwhile is not there to be answered, and takes nothing.
  if (reply.raw.destroyed) return reply.hijack();
  const problem = streams.takePlace(reply);
  if (problem) return sendProblem(reply, problem);
  const heard = listen(followed, reply, options);
  if (!heard) return sendProblem(reply, tooManyHere);
  await orUnavailable('Redis', inTime(heard.ready));
  const state = newest(followed, await followed.look(), heard.latest());
  if (state === undefined) return sendProblem(reply, followed.notFound);
  const lastVersion = lastEventId(request);
  // A browser comes back after the end of a stream; only 204 tells it that there is nothing more to come.
  if (followed.isFinal(state) && followed.eventOf(state).version === lastVersion)
    return reply.code(204).header('cache-control', 'no-store').send();
  if (reply.raw.destroyed) return reply.hijack();
  const stream = streams.open(reply, lastVersion);
  const tell = (one: State): void => {
    stream.send(followed.eventOf(one));
    if (followed.isFinal(one)) stream.end();
  };
  heard.tellTo(followed.pace?.(tell, reply.raw) ?? tell);
  tell(state);
  return reply;
};

interface Heard<State> {
  /** Nothing is missed from then on. */
  readonly ready: Promise<void>;
  /** What was heard last while nobody was told. */
  latest(): State | undefined;
  tellTo(tell: (state: State) => void): void;
}

/** Before looking, or what changes in between would be missed. Undefined when as many watch as may. */
const listen = <State>(
  { id, stateIn }: Followed<State>,
  reply: FastifyReply,
  { watches }: Following['options'],
): Heard<State> | undefined => {
  let latest: State | undefined;
  let tell = (state: State): void => {
    latest = state;
  };
  const watch = watches.watch(id, (outcome) => {
    const state = stateIn(outcome);
    if (state !== undefined) tell(state);
  });
  if (watch.type === 'full') return undefined;
  onHangUp(reply, () => watch.stop());
  return {
    ready: watch.ready,
    latest: () => latest,
    tellTo: (next) => {
      tell = next;
    },
  };
};

/** What was heard while looking may be newer than what was seen, or older. */
const newest = <State>(
  { isOlder }: Followed<State>,
  seen: State | undefined,
  heard: State | undefined,
): State | undefined => {
  if (seen === undefined || heard === undefined) return heard ?? seen;
  return isOlder(heard, seen) ? seen : heard;
};

/** Redis may be away for long: a client that is told so comes back, one that hears nothing waits for ever. */
const inTime = async (ready: Promise<void>): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('no subscription in time')), readyMsMax);
  });
  await Promise.race([ready, late]).finally(() => clearTimeout(timer));
};

const lastEventId = ({ headers }: FastifyRequest): string | undefined => {
  const sent = headers['last-event-id'];
  return typeof sent === 'string' ? sent : undefined;
};
