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
}

// Heartbeats that a client did not read until it is taken for gone.
const missedMax = 4;

/**
 * States to one client, in the form of server-sent events. Never holds more than what is being sent and one state. It
 * writes to the response itself: a stream in between would cost three times the memory of all the rest.
 */
export const newEventStream = (
  client: Writable,
  { lastVersion, heartbeatMs, retryMs }: EventStreamOptions,
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
    if (isEnding && !waiting) client.end();
  };
  const heartbeat = setInterval(() => {
    if (!isFull) write(': heartbeat\n\n');
    else if (++missed === missedMax) client.destroy();
  }, heartbeatMs);
  client.on('drain', () => {
    isFull = false;
    missed = 0;
    flush();
  });
  client.once('close', () => {
    isEnding = true;
    clearInterval(heartbeat);
  });
  write(`retry: ${retryMs}\n\n`);
  return {
    send: (event) => {
      if (isEnding || event.version === told) return;
      told = event.version;
      waiting = event;
      flush();
    },
    end: () => {
      if (isEnding) return;
      isEnding = true;
      flush();
    },
  };
};

const textOf = ({ version, data }: StreamEvent): string => `id: ${version}\ndata: ${data}\n\n`;
