import type { Writable } from 'node:stream';

/**
 * One state of the watched resource. `version` identifies it, and the client sends it back in Last-Event-ID.
 */
export interface StreamEvent {
  readonly version: string;
  readonly data: string;
}

export interface EventStream {
  /** Sends a state, unless it is the one that was sent last. A slow client gets only the latest. */
  send(event: StreamEvent): void;
  /**
   * Sends events as they are, whatever was sent before. Resolves to whether the client takes more, when it has read enough
   * of these.
   */
  sendText(text: string): Promise<boolean>;
  /** Ends the stream after the states that were passed to `send`. */
  end(): void;
}

export interface EventStreamOptions {
  /** The last state that the client got before it reconnected. */
  readonly lastVersion: string | undefined;
  readonly heartbeatMs: number;
  /** After how long a client whose connection broke reconnects. */
  readonly retryMs: number;
  /** How long the client's credentials are valid; for ever when absent. */
  readonly validity?: Validity;
}

/** By the wall clock, in ms. */
export interface Validity {
  readonly untilMs: number;
  nowMs(): number;
}

// After so many heartbeats that it did not read, a client counts as gone.
const missedMax = 4;

// The longest delay of a timer in Node.
const timerMsMax = 2 ** 31 - 1;

/**
 * Sends states to one client as server-sent events. Buffers at most one state for a slow client; newer states
 * replace it. Writes to the response directly: a stream in between would cost three times the memory of all
 * the rest. Ends, and sends nothing more, once the client's credentials are no longer valid.
 */
export const newEventStream = (
  client: Writable,
  { lastVersion, heartbeatMs, retryMs, validity }: EventStreamOptions,
): EventStream => {
  let isFull = false;
  let isEnding = false;
  let waiting: StreamEvent | undefined;
  let sentVersion = lastVersion;
  let missed = 0;
  let onRoom = (): void => undefined;
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
    // A client that does not read the end of the stream blocks it just like one that does not read a state.
    if (!isFull && !client.writableEnded) write(': heartbeat\n\n');
    else if (++missed === missedMax) client.destroy();
  }, heartbeatMs);
  const expire = (): void => {
    waiting = undefined;
    end();
  };
  const expiry = validity && watchExpiry(validity, expire);
  client.on('drain', () => {
    isFull = false;
    missed = 0;
    flush();
    onRoom();
  });
  client.once('close', () => {
    isEnding = true;
    clearInterval(heartbeat);
    expiry?.stop();
    onRoom();
  });
  write(`retry: ${retryMs}\n\n`);
  return {
    send: (event) => {
      if (isEnding || event.version === sentVersion || expiry?.hasCome()) return;
      sentVersion = event.version;
      waiting = event;
      flush();
    },
    sendText: async (text) => {
      if (isEnding || expiry?.hasCome()) return false;
      write(text);
      if (isFull)
        await new Promise<void>((resolve) => {
          onRoom = resolve;
        });
      return !isEnding;
    },
    end,
  };
};

interface Expiry {
  /** Decides by the clock, because the timer may be late and the clock may have been set. */
  hasCome(): boolean;
  stop(): void;
}

/** Calls back once, when the validity has ended by the wall clock that it names. */
const watchExpiry = ({ untilMs, nowMs }: Validity, onExpired: () => void): Expiry => {
  let timer: NodeJS.Timeout | undefined;
  const wait = (): void => {
    timer = setTimeout(check, Math.min(Math.ceil(untilMs - nowMs()), timerMsMax));
  };
  const check = (): void => {
    if (nowMs() < untilMs) wait();
    else onExpired();
  };
  wait();
  return { hasCome: () => nowMs() >= untilMs, stop: () => clearTimeout(timer) };
};

const textOf = ({ version, data }: StreamEvent): string => `id: ${version}\ndata: ${data}\n\n`;
