import { createRequire } from 'node:module';
import { runProgram } from './run-program.ts';

/** What we read of autocannon's JSON: rates per second, latencies in ms. */
export interface LoadResult {
  readonly requests: { readonly average: number; readonly total: number };
  readonly latency: {
    readonly p50: number;
    readonly p99: number;
    readonly max: number;
  };
  readonly duration: number;
  readonly non2xx: number;
  readonly errors: number;
  readonly timeouts: number;
}

export interface Load {
  readonly url: string;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
  readonly connections: number;
  readonly seconds: number;
  /** Requests per second over all connections; if absent, as fast as answers come. */
  readonly rate?: number;
}

// Extra time beyond the requested seconds, for a machine that is busy with other work.
const overtimeMs = 120_000;
const program = createRequire(import.meta.url).resolve('autocannon');

/** Sends load from a process of its own, so that measuring does not use our event loop. */
export const sendLoad = async ({
  url,
  body,
  headers,
  connections,
  seconds,
  rate,
}: Load): Promise<LoadResult> => {
  const options = [
    ...['-c', String(connections), '-d', String(seconds), '-m', 'POST', '-j', '-n'],
    ...['-b', JSON.stringify(body), '-H', 'content-type=application/json'],
    ...Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}=${value}`]),
    ...(rate === undefined ? [] : ['-R', String(rate)]),
  ];
  const limitMs = seconds * 1_000 + overtimeMs;
  const args = [program, ...options, url];
  return parseResult(await runProgram({ program: process.execPath, args, limitMs }));
};

const parseResult = (text: string): LoadResult => JSON.parse(text) as LoadResult;
