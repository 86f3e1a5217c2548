import type { Redis } from 'ioredis';
import { inTime } from '../../shared/in-time.ts';

/** Nothing was sent, because no connection takes commands at the moment. */
export class NotReady extends Error {}

interface Readiness {
  isPrepared: boolean;
  /** Failed preparations since it was ready last. */
  failures: number;
  why: string;
}

const preparing = new WeakMap<Redis, Readiness>();

/** Time limit for the whole preparation. */
const preparationMs = 5_000;
const preparationLimit = { limitMs: preparationMs, message: `not prepared within ${preparationMs} ms` };

/** Whether a connection may be used. This is the only check that decides it. */
export const isReady = (redis: Redis): boolean =>
  redis.status === 'ready' && (preparing.get(redis)?.isPrepared ?? true);

/** Why a connection is not ready, for people. */
export const whyNotReady = (redis: Redis): string =>
  `not connected to Redis: ${preparing.get(redis)?.why ?? redis.status}`;

/** How many times in a row the server answered but could not be used. */
export const failuresOf = (redis: Redis): number => preparing.get(redis)?.failures ?? 0;

export interface PreparationHooks {
  /**
   * Gets a connection that takes commands already. When it throws, the connection is dropped and made again.
   */
  readonly prepare: (asking: Redis) => Promise<void>;
  readonly onFailed: (why: string) => void;
}

export interface GatedConnection {
  /** The same connection that `prepare` gets. */
  readonly direct: Redis;
  /** Rejects all further commands and reconnects. */
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
