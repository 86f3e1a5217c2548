import {
  type IncomingMessage,
  Agent as PlainAgent,
  type RequestOptions,
  request as requestPlainly,
} from 'node:http';
import { request as requestSecurely, Agent as SecureAgent } from 'node:https';

export interface Message {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: object;
}

/**
 * `no-answer`: refused, cut off or too late; whether it was carried out is unknown. `not-sent`: this machine could not send
 * it, so the service never saw it. `cut-short`: the rehearsal ended first.
 */
export type Reply =
  | {
      readonly type: 'answer';
      readonly status: number;
      readonly body: Readonly<Record<string, unknown>>;
      readonly retryAfterMs: number;
    }
  | { readonly type: 'no-answer'; readonly code: 'unreachable' | 'silent'; readonly why: string }
  | { readonly type: 'not-sent'; readonly why: string }
  | { readonly type: 'cut-short' };

export interface Sender {
  /** Sends once. Never throws. */
  send(message: Message): Promise<Reply>;
  close(): void;
}

/** Longer than any requested wait. */
const answerMsMax = 20_000;
/** A request that finds none free waits for one, and its latency counts that wait. */
export const socketsMax = 4_096;

interface SenderOptions {
  readonly url: string;
  readonly signal: AbortSignal;
  /** Called for each request that finds no connection free and may open no other. */
  readonly onQueued: () => void;
}

/**
 * Uses keep-alive connections of node:http directly: fetch costs several times as much per request, and the sender must not be
 * the bottleneck that is measured.
 */
export const newSender = ({ url, signal, onQueued }: SenderOptions): Sender => {
  const base = new URL(url);
  const isSecure = base.protocol === 'https:';
  const options = { keepAlive: true, maxSockets: socketsMax };
  const agent = isSecure ? new SecureAgent(options) : new PlainAgent(options);
  const request = isSecure ? requestSecurely : requestPlainly;
  const { hostname, port } = base;
  const where = { agent, hostname: hostname.replace(/^\[|\]$/g, ''), port, signal, timeout: answerMsMax };
  const prefix = base.pathname.replace(/\/$/, '');
  return {
    send: ({ method, path, headers, body }) => {
      const bytes = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
      const init: RequestOptions = {
        ...where,
        method,
        path: `${prefix}${path}`,
        headers: {
          ...headers,
          ...(bytes && { 'content-type': 'application/json', 'content-length': bytes.length }),
        },
      };
      return new Promise((resolve) => {
        const fail = (error: Error): void => resolve(failureOf(error));
        const sent = request(init, (response) => readReply(response).then(resolve, fail));
        sent.on('error', fail);
        sent.on('timeout', () => sent.destroy(new NoAnswerInTime(`no answer within ${answerMsMax} ms`)));
        sent.end(bytes);
        if (Object.keys(agent.requests).length > 0) onQueued();
      });
    },
    close: () => agent.destroy(),
  };
};

const readReply = async (response: IncomingMessage): Promise<Reply> => {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return {
    type: 'answer',
    status: response.statusCode ?? 0,
    body: parseBody(Buffer.concat(chunks).toString()),
    retryAfterMs: Number(response.headers['retry-after'] ?? 0) * 1_000 || 0,
  };
};

/** An answer that is not JSON comes from something in between, such as a proxy. */
const parseBody = (text: string): Readonly<Record<string, unknown>> => {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null ? { ...body } : {};
  } catch {
    return {};
  }
};

class NoAnswerInTime extends Error {
  override readonly name = 'NoAnswerInTime';
}

/** Errors of our own machine: no file, port, memory or route for another connection, or no name server. */
const ownErrors: ReadonlySet<string> = new Set([
  'EADDRNOTAVAIL',
  'EAI_AGAIN',
  'EMFILE',
  'ENETDOWN',
  'ENETUNREACH',
  'ENFILE',
  'ENOBUFS',
  'ENOMEM',
]);

const failureOf = (error: Error & { readonly code?: string }): Exclude<Reply, { type: 'answer' }> => {
  if (error.name === 'AbortError') return { type: 'cut-short' };
  if (error instanceof NoAnswerInTime) return { type: 'no-answer', code: 'silent', why: error.message };
  const why = error.code ?? error.message;
  return ownErrors.has(why) ? { type: 'not-sent', why } : { type: 'no-answer', code: 'unreachable', why };
};
