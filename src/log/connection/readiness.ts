import type { Redis } from 'ioredis';
import { inTime } from '../../shared/in-time.ts';

/** Nothing was sent: there is no connection that takes commands. */
export class NotReady extends Error {}

interface Readiness {
  isPrepared: boolean;
  /** Since it was ready last. */
  failures: number;
  why: string;
}

const preparing = new WeakMap<Redis, Readiness>();

/** How long all of it may take. */
const preparationMs = 5_000;
const preparationLimit = { limitMs: preparationMs, message: `not prepared within ${preparationMs} ms` };

/** Whether a connection may be used; no other check decides that. */
export const isReady = (redis: Redis): boolean =>
  redis.status === 'ready' && (preparing.get(redis)?.isPrepared ?? true);

/** Why a connection is not ready, for people. */
export const whyNotReady = (redis: Redis): string =>
  `not connected to Redis: ${preparing.get(redis)?.why ?? redis.status}`;

/** How many times in a row the server answered but could not be used. */
export const failuresOf = (redis: Redis): number => preparing.get(redis)?.failures ?? 0;

export interface PreparationHooks {
  /** Is handed a connection that takes commands already. An error drops it, to be made anew. */
  readonly prepare: (asking: Redis) => Promise<void>;
  readonly onFailed: (why: string) => void;
}

export interface GatedConnection {
  /** As handed to `prepare`. */
  readonly direct: Redis;
  /** Takes no more commands from now on, and is made anew. */
  readonly drop: (why: string) => void;
}

/**
 * Holds a connection back until it is prepared, each time it is made: until then it emits no `ready` event and rejects
 * commands. So a user that waits for `ready`, or checks `isReady`, never gets an unprepared connection.
 */
export const holdUntilPrepared = (redis: Redis, { prepare, onFailed }: PreparationHooks): GatedConnection => {
  const state: Readiness = { isPrepared: false, failures: 0, why: 'it was not made yet' };
  preparing.set(redis, state);
  const direct = gate(redis, state);
  const emit = redis.emit.bind(redis);

  const drop = (why: string): void => {
    state.isPrepared = false;
    state.why = why;
    redis.disconnect(true);
  };

  const getReady = async (): Promise<void> => {
    const { stream } = redis;
    const isGone = (): boolean => redis.status !== 'ready' || redis.stream !== stream;
    const error = await faultOf(inTime(prepare(direct), preparationLimit));
    if (isGone()) return;
    if (error) {
      state.failures += 1;
      drop(reasonOf(error));
      onFailed(state.why);
      emit('error', error);
      return;
    }
    state.failures = 0;
    state.isPrepared = true;
    emit('ready');
  };

  redis.emit = (event, ...args) => {
    if (event !== 'ready') return emit(event, ...args);
    void getReady();
    return true;
  };
  redis.on('error', (error) => {
    state.why = reasonOf(error);
  });
  redis.on('close', () => {
    if (state.isPrepared) state.why = 'the connection was lost';
    state.isPrepared = false;
  });
  return { direct, drop };
};

/** Returns the connection without the gate, for `prepare`. Before it is connected, the driver itself rejects commands. */
const gate = (redis: Redis, state: Readiness): Redis => {
  const send = redis.sendCommand.bind(redis);
  redis.sendCommand = (command, stream) => {
    const isOpen = redis.status === 'ready' ? state.isPrepared : openStates.has(redis.status);
    if (isOpen) return send(command, stream);
    command.reject(new NotReady(whyNotReady(redis)));
    return command.promise;
  };
  return Object.create(redis, { sendCommand: { value: send } });
};

/** States in which the driver sends the commands that set up the connection. */
const openStates: ReadonlySet<string> = new Set(['wait', 'connect']);

const faultOf = (work: Promise<void>): Promise<Error | undefined> =>
  work.then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
  );

/** Node wraps the refusals of several addresses of one name in an AggregateError without a message. */
export const reasonOf = (error: Error): string => {
  const [first]: readonly unknown[] = error instanceof AggregateError ? error.errors : [];
  return first instanceof Error ? first.message : error.message;
};
