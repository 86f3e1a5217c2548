/**
 * What the sender process sends. Each request replaces `{n}` in path, headers and body with a text of its
 * own.
 */
export interface SendPlan {
  readonly origin: string;
  /** Other processes with the same API: connections are shared out among all of them. */
  readonly otherOrigins?: readonly string[];
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The replacements of `{n}` in turn; if absent, numbers of eight digits. All have the same length. */
  readonly texts?: readonly string[];
  /** The first of those numbers. */
  readonly from?: number;
  readonly load: Load;
  /** Whether to report which requests were answered with 2xx. */
  readonly remember?: boolean;
}

export type Load =
  /** Each connection sends its next request after the answer to the last one. */
  | { readonly type: 'closed'; readonly connections: number; readonly seconds: number; readonly max?: number }
  /** This many per second, on schedule, however many are unanswered. */
  | { readonly type: 'open'; readonly rate: number; readonly seconds: number }
  /** All at the same moment, each on a connection of its own that is already open. */
  | { readonly type: 'at-once'; readonly requests: number }
  /** Each is sent when the one before it was answered, to each process in turn. */
  | { readonly type: 'in-turn'; readonly requests: number };

export interface SendResult {
  /** Number of answers by status. */
  readonly answers: Readonly<Record<string, number>>;
  /** Requests whose connection failed before the answer. */
  readonly failed: number;
  readonly seconds: number;
  /** Milliseconds since sending or, in an open loop, since the request was due. */
  readonly latency: { readonly p50: number; readonly p99: number; readonly max: number };
  /** CPU time of the sender while it sent; a sender that needs a whole core measures itself. */
  readonly cpuMs: number;
  /** The replacements of `{n}` in the requests that were answered with 2xx. */
  readonly accepted: readonly string[];
}

/** The process that the n-th connection goes to. */
export const originOf = ({ origin, otherOrigins = [] }: SendPlan, n: number): string =>
  [origin, ...otherOrigins][n % (otherOrigins.length + 1)] ?? origin;

export const parsePlan = (message: unknown): SendPlan => message as SendPlan;
export const parseSendResult = (message: unknown): SendResult => message as SendResult;
