import type { FastifyReply } from 'fastify';
import type { Clock } from '../domain/ports.ts';
import { type EventStream, newEventStream } from './event-stream.ts';
import { newStreamSlots, type StreamBounds, type TakeSlot } from './stream-slots.ts';

export interface StreamLimits extends StreamBounds {
  /** Shorter than the idle time after which proxies close a connection. */
  readonly heartbeatMs: number;
  /** The shortest time between two states of a show to the same client. */
  readonly showPauseMs: number;
}

export const defaultStreamLimits: StreamLimits = {
  max: 10_000,
  perCustomer: 10,
  perAddress: 2_500,
  heartbeatMs: 15_000,
  showPauseMs: 250,
};

/** All event streams of this process. Their number is limited, and they end when the process stops. */
export interface EventStreams {
  readonly takeSlot: TakeSlot;
  /**
   * Answers with a stream, and with nothing else from then on. It ends when the client's credentials are no
   * longer valid.
   */
  open(reply: FastifyReply, lastVersion: string | undefined): EventStream;
}

const streamHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store, no-transform',
  // Without this header nginx holds events back until its buffer is full.
  'x-accel-buffering': 'no',
} as const;

const retryMsMin = 1_000;
const retryMsSpread = 4_000;

export interface EventStreamsOptions {
  readonly limits: StreamLimits;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly stopping: AbortSignal;
}

export const newEventStreams = ({ limits, clock, stopping }: EventStreamsOptions): EventStreams => {
  const { heartbeatMs } = limits;
  const streams = new Set<EventStream>();
  // One listener for all streams: Node would report ten thousand listeners on one signal as a leak, and
  // removing each would be slow.
  const endAll = (): void => {
    for (const stream of streams) stream.end();
  };
  stopping.addEventListener('abort', endAll, { once: true });
  return {
    takeSlot: newStreamSlots(limits),
    open: (reply, lastVersion) => {
      const headers = Object.entries(reply.headers(streamHeaders).getHeaders());
      const { raw, request } = reply.hijack();
      for (const [name, value] of headers) if (value !== undefined) raw.setHeader(name, value);
      raw.writeHead(200);
      // Spread over time; otherwise all clients of a stopping process would reconnect at the same moment.
      const retryMs = retryMsMin + Math.floor(Math.random() * retryMsSpread);
      const untilMs = request.caller?.validUntilMs;
      const stream = newEventStream(raw, {
        lastVersion,
        heartbeatMs,
        retryMs,
        ...(untilMs !== undefined && { validity: { untilMs, nowMs: clock.nowMs } }),
      });
      streams.add(stream);
      raw.once('close', () => streams.delete(stream));
      if (stopping.aborted || request.method === 'HEAD') stream.end();
      return stream;
    },
  };
};
