import type { FastifyReply } from 'fastify';
import { onHangUp } from '../http/on-hang-up.ts';
import { type EventStream, newEventStream } from './event-stream.ts';

export interface StreamLimits {
  /** Streams this process serves at a time. */
  readonly max: number;
  /** Shorter than what proxies take for silence. */
  readonly heartbeatMs: number;
  /** A show is told at most so often to each client. */
  readonly showPauseMs: number;
}

export const defaultStreamLimits: StreamLimits = { max: 10_000, heartbeatMs: 15_000, showPauseMs: 250 };

/** Every event stream of this process: bounded, and ended when it stops. */
export interface EventStreams {
  /** Whether there is room for one more; the place is taken until the reply's connection is done with it. */
  enter(reply: FastifyReply): boolean;
  /** Begins to answer with a stream, which from then on is all that answers. */
  open(reply: FastifyReply, lastVersion: string | undefined): EventStream;
}

const streamHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  // nginx would hold events back until its buffer is full.
  'x-accel-buffering': 'no',
} as const;

const retryMsMin = 1_000;
const retryMsSpread = 4_000;

export const newEventStreams = ({ max, heartbeatMs }: StreamLimits, stopping: AbortSignal): EventStreams => {
  let taken = 0;
  const streams = new Set<EventStream>();
  // One listener for all: ten thousand on one signal would be a leak to Node, and a slow removal each.
  const endAll = (): void => {
    for (const stream of streams) stream.end();
  };
  stopping.addEventListener('abort', endAll, { once: true });
  return {
    enter: (reply) => {
      if (taken >= max) return false;
      taken += 1;
      onHangUp(reply, () => {
        taken -= 1;
      });
      return true;
    },
    open: (reply, lastVersion) => {
      const headers = Object.entries(reply.headers(streamHeaders).getHeaders());
      const { raw, request } = reply.hijack();
      for (const [name, value] of headers) if (value !== undefined) raw.setHeader(name, value);
      raw.writeHead(200);
      // Spread, or all clients of a process that stops would be back at the same moment.
      const retryMs = retryMsMin + Math.floor(Math.random() * retryMsSpread);
      const stream = newEventStream(raw, { lastVersion, heartbeatMs, retryMs });
      streams.add(stream);
      raw.once('close', () => streams.delete(stream));
      if (stopping.aborted || request.method === 'HEAD') stream.end();
      return stream;
    },
  };
};
