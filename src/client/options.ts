import type { Client as Fetching } from 'openapi-fetch';
import type { RetryOptions } from './retrying.ts';
import type { paths } from './schema.ts';

export interface ClientOptions {
  /** Where the service is, without /v1. */
  readonly baseUrl: string;
  /**
   * Who is asking, e.g. `{ authorization: 'Bearer …' }`. Called for each request that is sent. An `x-customer-id` may hold
   * any letters: what fetch cannot send is sent percent-encoded.
   */
  readonly headers?: () => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>;
  readonly retrying?: Partial<RetryOptions>;
  /** Instead of the runtime's own. */
  readonly fetch?: (request: Request) => Promise<Response>;
}

export interface CallOptions {
  /** Ends everything: requests, pauses, streams. The call then throws the signal's reason. */
  readonly signal?: AbortSignal;
}

export interface CommandOptions extends CallOptions {
  /**
   * The Idempotency-Key, for a command that has to survive this page or process, or its signal; otherwise the client makes
   * one. Every answer names it.
   */
  readonly key?: string;
}

export interface WaitOptions extends CommandOptions {
  /** Seconds to wait for the decision, at most 30; 10 unless said otherwise. */
  readonly waitSeconds?: number;
}

/** The contract, callable. */
export type Api = Fetching<paths>;

export const initOf = ({ signal }: CallOptions) => ({ ...(signal && { signal }) });
