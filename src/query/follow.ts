import type { Writable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import Type from 'typebox';
import type { RequestId } from '../domain/ids.ts';
import type { Outcome } from '../domain/outcome.ts';
import { onHangUp } from '../http/connection/on-hang-up.ts';
import { redisOrUnavailable } from '../http/problems/or-unavailable.ts';
import type { Problem } from '../http/problems/problem.ts';
import { sendProblem } from '../http/problems/send-problem.ts';
import type { OutcomeWatch } from '../log/contract.ts';
import type { StreamEvent } from './event-stream.ts';
import type { EventStreams } from './event-streams.ts';
import { tooManyHere } from './stream-slots.ts';

/** The headers of calls that answer with server-sent events. */
export const streamHeadersSchema = Type.Object({
  'last-event-id': Type.Optional(
    Type.String({ description: 'The id of the last event that was seen: that state is not sent again.' }),
  ),
});

export const streamResponse = (description: string) => ({
  description,
  content: { 'text/event-stream': { schema: Type.String() } },
});

/** The source of a stream: how to read the current state, and how to recognise later states. */
export interface StreamSource<State> {
  readonly id: RequestId;
  /** The current state; undefined when the resource does not exist. */
  lookUp(): Promise<State | undefined>;
  stateIn(outcome: Outcome): State | undefined;
  /** Whether `one` is an earlier state than `other`. */
  isOlder(one: State, other: State): boolean;
  eventOf(state: State): StreamEvent;
  isFinal(state: State): boolean;
  readonly notFound: Problem;
  /** Limits how often `send` is called. Left out where each state is sent at once. */
  throttle?(send: (state: State) => void, client: Writable): (state: State) => void;
}

export interface FollowOptions {
  readonly watches: OutcomeWatch;
}

export interface StreamRequest {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly streams: EventStreams;
  readonly options: FollowOptions;
}

/** Answers with a stream of states: the current one, unless the client has seen it, and each one after it. */
export const follow = async <State>(
  source: StreamSource<State>,
  { request, reply, streams, options }: StreamRequest,
): Promise<FastifyReply> => {
  // A client that has left meanwhile gets no answer and takes no slot.
  if (reply.raw.destroyed) return reply.hijack();
  const problem = streams.takeSlot(reply);
  if (problem) return sendProblem(reply, problem);
  const subscription = subscribe(source, reply, options);
  if (!subscription) return sendProblem(reply, tooManyHere);
  const state = await stateOf(source, subscription);
  if (state === undefined) return sendProblem(reply, source.notFound);
  const lastVersion = lastEventId(request);
  // A browser reconnects after the end of a stream; only 204 says that there is nothing more to come.
  if (source.isFinal(state) && source.eventOf(state).version === lastVersion)
    return reply.code(204).header('cache-control', 'no-store').send();
  if (reply.raw.destroyed) return reply.hijack();
  const stream = streams.open(reply, lastVersion);
  const send = (one: State): void => {
    stream.send(source.eventOf(one));
    if (source.isFinal(one)) stream.end();
  };
  subscription.forwardTo(source.throttle?.(send, reply.raw) ?? send);
  send(state);
  return reply;
};

interface Subscription<State> {
  /** From then on no state is missed. */
  readonly ready: Promise<void>;
  /** The latest state that arrived before `forwardTo` was called. */
  latest(): State | undefined;
  forwardTo(send: (state: State) => void): void;
}

/**
 * Subscribes before the look-up; otherwise a change in between would be missed. Undefined when the maximum
 * number of clients is watching.
 */
const subscribe = <State>(
  { id, stateIn }: StreamSource<State>,
  reply: FastifyReply,
  { watches }: FollowOptions,
): Subscription<State> | undefined => {
  let latest: State | undefined;
  let forward = (state: State): void => {
    latest = state;
  };
  const watch = watches.watch(id, (outcome) => {
    const state = stateIn(outcome);
    if (state !== undefined) forward(state);
  });
  if (watch.type === 'full') return undefined;
  onHangUp(reply, () => watch.stop());
  return {
    ready: watch.ready,
    latest: () => latest,
    forwardTo: (send) => {
      forward = send;
    },
  };
};

/** The look-up begins when no later state can be missed. */
const stateOf = async <State>(
  source: StreamSource<State>,
  subscription: Subscription<State>,
): Promise<State | undefined> => {
  await redisOrUnavailable(subscription.ready);
  return newest(source, await source.lookUp(), subscription.latest());
};

/** A state that arrived during the look-up may be newer or older than the row. */
const newest = <State>(
  { isOlder }: StreamSource<State>,
  row: State | undefined,
  arrived: State | undefined,
): State | undefined => {
  if (row === undefined || arrived === undefined) return arrived ?? row;
  return isOlder(arrived, row) ? row : arrived;
};

const lastEventId = ({ headers }: FastifyRequest): string | undefined => {
  const sent = headers['last-event-id'];
  return typeof sent === 'string' ? sent : undefined;
};
