import { noAnswerText } from './no-answer.ts';

/** How a request is repeated. Every value has a default. */
export interface RetryOptions {
  /** The maximum number of requests, including the first; 8. */
  readonly triesMax: number;
  /** The upper bound of the first pause; it doubles for each later pause; 200. */
  readonly firstPauseMs: number;
  /** The longest pause that this client chooses itself; 10,000. */
  readonly pauseMsMax: number;
  /** A longer Retry-After is not waited for, and the answer is returned; 60,000. */
  readonly retryAfterMsMax: number;
  /** The time in which an answer must arrive; longer than any wait that the service grants; 45,000. */
  readonly answerMsMax: number;
}

export const retryingDefaults: RetryOptions = {
  triesMax: 8,
  firstPauseMs: 200,
  pauseMsMax: 10_000,
  retryAfterMsMax: 60_000,
  answerMsMax: 45_000,
};

/** No answer after all tries. It is not known whether the last request was carried out. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

export interface SendOptions extends RetryOptions {
  readonly fetch: (request: Request) => Promise<Response>;
  /**
   * Headers that identify the caller. Called for each try, because a token may have expired since the last
   * one.
   */
  readonly headers: () => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>;
}

/**
 * A fetch that repeats reads, and commands with an Idempotency-Key (or a key in each request of a call of many): after no answer, 429, 503, and the
 * statuses of gateways that got no answer (502, 504). Other commands are repeated only after 429. Everything
 * else is returned. Throws Unreachable, or the reason of the request's signal when that is aborted.
 */
export const retrying =
  (sending: SendOptions) =>
  async (request: Request): Promise<Response> => {
    for (let tried = 1; ; tried += 1) {
      const answer = await sendOnce(request, sending);
      request.signal.throwIfAborted();
      const pauseMs = tried < sending.triesMax ? pauseAfter(answer, { request, tried, sending }) : undefined;
      if (pauseMs !== undefined) await pause(pauseMs, request.signal);
      else if (answer instanceof Response) return answer;
      else throw new Unreachable(noAnswerText(request.url, answer.error), { cause: answer.error });
    }
  };

interface NoAnswer {
  readonly error: unknown;
}

const sendOnce = async (request: Request, sending: SendOptions): Promise<Response | NoAnswer> => {
  const headers = new Headers(request.headers);
  for (const [name, value] of Object.entries(await sending.headers()))
    headers.set(name, name.toLowerCase() === 'x-customer-id' ? customerIdText(value) : value);
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), sending.answerMsMax);
  try {
    const signal = AbortSignal.any([request.signal, late.signal]);
    return await whole(await sending.fetch(new Request(request.clone(), { headers, signal })));
  } catch (error) {
    return { error };
  } finally {
    clearTimeout(timer);
  }
};

/**
 * The id unchanged if fetch can send it, otherwise in ASCII (RFC 8187): fetch refuses most other characters,
 * and trims blanks.
 */
const customerIdText = (id: string): string =>
  id === '' || /^[!-~](?:[ -~]*[!-~])?$/.test(id) ? id : `UTF-8''${encodeURIComponent(id)}`;

/**
 * Reads the whole body, because a connection can also break in the middle of an answer, and we must notice
 * that while we can still repeat.
 */
const whole = async (response: Response): Promise<Response> => {
  if (isEventStream(response) || response.body === null) return response;
  const { status, statusText, headers } = response;
  const body = await response.arrayBuffer();
  return new Response(body.byteLength === 0 ? null : body, { status, statusText, headers });
};

const isEventStream = ({ headers }: Response): boolean =>
  headers.get('content-type')?.startsWith('text/event-stream') ?? false;

interface Attempt {
  readonly request: Request;
  readonly tried: number;
  readonly sending: SendOptions;
}

/**
 * Undefined where the request is not repeated after this answer, or without one. The backoff of the service
 * (src/shared) is not used here: the package contains only this folder, and the pauses of thousands of
 * clients that failed at the same moment must be spread over the whole range.
 */
const pauseAfter = (
  answer: Response | NoAnswer,
  { request, tried, sending }: Attempt,
): number | undefined => {
  const jitterMs = Math.random() * Math.min(sending.pauseMsMax, sending.firstPauseMs * 2 ** (tried - 1));
  if (!(answer instanceof Response)) return isRepeatable(request) ? jitterMs : undefined;
  // A 429 is certain to have done nothing, whatever the request was.
  if (answer.status !== 429 && !(passing.includes(answer.status) && isRepeatable(request))) return undefined;
  // With jitter; otherwise all clients with the same Retry-After would return in the same second.
  const waitMs = retryAfterMs(answer) + jitterMs;
  return waitMs <= sending.retryAfterMsMax ? waitMs : undefined;
};

const passing: readonly number[] = [502, 503, 504];

/** In a call of many, this client gives each request a key. */
const isRepeatable = ({ method, headers, url }: Request): boolean =>
  method === 'GET' || headers.has('idempotency-key') || url.endsWith('/v1/reservations/batch');

/**
 * The milliseconds of Retry-After, which may be seconds or a date, as some proxies send it; 0 without one. A
 * date is compared with the Date of the answer, because our own clock may be wrong by hours. Our clock is
 * used only where a page may not read that header.
 */
export const retryAfterMs = ({ headers }: Pick<Response, 'headers'>): number => {
  const text = headers.get('retry-after') ?? '';
  if (/^\d+$/.test(text)) return Number(text) * 1_000;
  const atMs = Date.parse(text);
  const theirMs = Date.parse(headers.get('date') ?? '');
  return Number.isNaN(atMs) ? 0 : Math.max(0, atMs - (Number.isNaN(theirMs) ? Date.now() : theirMs));
};

/** Resolves after `ms`; rejects with the signal's reason when that is aborted first. */
export const pause = (ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      if (signal?.aborted) reject(signal.reason);
      else resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener('abort', end);
    if (signal?.aborted) end();
  });
