import type { Client as Fetching } from 'openapi-fetch';
import type { RetryOptions } from './retrying.ts';
import type { paths } from './schema.ts';

export interface ClientOptions {
  /** The address of the service, without /v1. */
  readonly baseUrl: string;
  /**
   * Headers that identify the caller, e.g. `{ authorization: 'Bearer …' }`. Called for each request that is
   * sent. An `x-customer-id` may contain any characters: those that fetch cannot send are percent-encoded.
   */
  readonly headers?: () => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>;
  readonly retrying?: Partial<RetryOptions>;
  /** Replaces the fetch of the runtime. */
  readonly fetch?: (request: Request) => Promise<Response>;
}

export interface CallOptions {
  /** Ends everything: requests, pauses and streams. The call then throws the signal's reason. */
  readonly signal?: AbortSignal;
}

export interface CommandOptions extends CallOptions {
  /**
   * The Idempotency-Key, for a command that must survive this page or process, or its signal; otherwise the
   * client makes one. Every answer contains it.
   */
  readonly key?: string;
}

export interface WaitOptions extends CommandOptions {
  /** The seconds to wait for the decision, at most 30; the default is 10. */
  readonly waitSeconds?: number;
}

/** The contract as callable functions. */
export type Api = Fetching<paths>;

export const initOf = ({ signal }: CallOptions) => ({ ...(signal && { signal }) });
