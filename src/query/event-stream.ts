import type { Writable } from 'node:stream';

/** One state of what is watched. `version` tells it from others and is what Last-Event-ID sends back. */
export interface StreamEvent {
  readonly version: string;
  readonly data: string;
}

export interface EventStream {
  /** Tells a state, unless it is the one that was told last. To a client that is slow, only the latest. */
  send(event: StreamEvent): void;
  /** Ends after what has been sent. */
  end(): void;
}

export interface EventStreamOptions {
  /** What the client has seen before it came back. */
  readonly lastVersion: string | undefined;
  readonly heartbeatMs: number;
  /** When a client whose connection broke comes back. */
  readonly retryMs: number;
  /** For how long the client is taken for who it is; for ever when absent. */
  readonly belief?: Belief;
}

/** By the wall clock, ms. */
export interface Belief {
  readonly untilMs: number;
  nowMs(): number;
}

// Heartbeats that a client did not read until it is taken for gone.
const missedMax = 4;

// The longest that a timer of Node's takes.
const timerMsMax = 2 ** 31 - 1;

/**
 * States to one client, in the form of server-sent events. Never holds more than what is being sent and one state. It
 * writes to the response itself: a stream in between would cost three times the memory of all the rest. Nothing is told once
 * the client is believed no longer, and then it ends.
 */
export const newEventStream = (
  client: Writable,
  { lastVersion, heartbeatMs, retryMs, belief }: EventStreamOptions,
): EventStream => {
  let isFull = false;
  let isEnding = false;
  let waiting: StreamEvent | undefined;
  let told = lastVersion;
  let missed = 0;
  const write = (text: string): void => {
    isFull = !client.write(text);
  };
  const flush = (): void => {
    if (waiting && !isFull) {
      write(textOf(waiting));
      waiting = undefined;
    }
    if (isEnding && !waiting && !client.writableEnded) client.end();
  };
  const end = (): void => {
    isEnding = true;
    flush();
  };
  const heartbeat = setInterval(() => {
    // An end that nobody reads is no less of a hanging client than a state that nobody reads.
    if (!isFull && !client.writableEnded) write(': heartbeat\n\n');
    else if (++missed === missedMax) client.destroy();
  }, heartbeatMs);
  const stopBelieving = (): void => {
    waiting = undefined;
    end();
  };
  const doubt = belief && watchBelief(belief, stopBelieving);
  client.on('drain', () => {
    isFull = false;
    missed = 0;
    flush();
  });
  client.once('close', () => {
    isEnding = true;
    clearInterval(heartbeat);
    doubt?.stop();
  });
  write(`retry: ${retryMs}\n\n`);
  return {
    send: (event) => {
      if (isEnding || event.version === told || doubt?.isJustified()) return;
      told = event.version;
      waiting = event;
      flush();
    },
    end,
  };
};

interface Doubt {
  /** The timer may be late, and the clock may have been set. */
  isJustified(): boolean;
  stop(): void;
}

/** Calls back once, when the belief has run out by the clock it goes by. */
const watchBelief = ({ untilMs, nowMs }: Belief, onOver: () => void): Doubt => {
  let timer: NodeJS.Timeout | undefined;
  const wait = (): void => {
    timer = setTimeout(look, Math.min(Math.ceil(untilMs - nowMs()), timerMsMax));
  };
  const look = (): void => {
    if (nowMs() < untilMs) wait();
    else onOver();
  };
  wait();
  return { isJustified: () => nowMs() >= untilMs, stop: () => clearTimeout(timer) };
};

const textOf = ({ version, data }: StreamEvent): string => `id: ${version}\ndata: ${data}\n\n`;
