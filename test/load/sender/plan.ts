/** What the sender process is to send. Wherever `{n}` stands in path, headers or body, each request has its own text. */
export interface SendPlan {
  readonly origin: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** What stands for `{n}`, in turn; numbers of eight digits when not given. All of one length. */
  readonly texts?: readonly string[];
  /** The first of those numbers. */
  readonly from?: number;
  readonly load: Load;
  /** Whether to say which requests were answered with 2xx. */
  readonly remember?: boolean;
}

export type Load =
  /** Each connection sends its next request when the last one was answered. */
  | { readonly type: 'closed'; readonly connections: number; readonly seconds: number; readonly max?: number }
  /** So many a second, on schedule, whatever is still unanswered. */
  | { readonly type: 'open'; readonly rate: number; readonly seconds: number }
  /** All in the same moment, each on a connection of its own that is open already. */
  | { readonly type: 'at-once'; readonly requests: number };

export interface SendResult {
  /** How many answers had which status. */
  readonly answers: Readonly<Record<string, number>>;
  /** Requests whose connection failed before the answer. */
  readonly failed: number;
  readonly seconds: number;
  /** Milliseconds: from sending, or, in an open loop, from when it should have been sent. */
  readonly latency: { readonly p50: number; readonly p99: number; readonly max: number };
  /** CPU time of the sender while it sent; a sender that needs a whole core measures itself. */
  readonly cpuMs: number;
  /** What stood for `{n}` in the requests that were answered with 2xx. */
  readonly accepted: readonly string[];
}

export const parsePlan = (message: unknown): SendPlan => message as SendPlan;
export const parseSendResult = (message: unknown): SendResult => message as SendResult;
