import { createRequire } from 'node:module';
import { runProgram } from './run-program.ts';

/** What we read of autocannon's JSON: rates a second, latencies in ms. */
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
  /** Requests a second over all connections; as fast as answers come when absent. */
  readonly rate?: number;
}

// Beyond the seconds it was asked for, on a machine with much else to do.
const overtimeMs = 120_000;
const program = createRequire(import.meta.url).resolve('autocannon');

/** Sends load from a process of its own, so that measuring does not share our event loop. */
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
