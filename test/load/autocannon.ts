import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';

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

const run = promisify(execFile);
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
  const { stdout } = await run(process.execPath, [program, ...options, url], { maxBuffer: 16 * 1024 * 1024 });
  return parseResult(stdout);
};

const parseResult = (text: string): LoadResult => JSON.parse(text) as LoadResult;
