import { once } from 'node:events';
import { killLocal, type LocalOptions, runLocal } from './local-run.ts';
import { curlLines, sampleShow } from './sample-show.ts';
import { stopSignals } from './stop-signals.ts';

const message = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const showExamples = async (address: string, print: (line: string) => void): Promise<void> => {
  try {
    const show = await sampleShow(address);
    print('Reserve three places, list your reservations, look at the show:');
    for (const line of curlLines(address, show)) print(`  ${line}`);
  } catch (error) {
    print(`The sample show could not be opened: ${message(error)}`);
  }
};

const PAGE_LIMIT_MS = 2_000;

/** Traces are not shown where strangers can reach the port. */
const pagesOf = async (address: string): Promise<readonly string[]> => {
  const docs = `${address}/docs`;
  const traces = `${address}/traces`;
  const isShown = await fetch(traces, { signal: AbortSignal.timeout(PAGE_LIMIT_MS) }).then(
    async ({ ok, body }) => {
      await body?.cancel();
      return ok;
    },
    () => false,
  );
  return isShown ? [docs, traces] : [docs];
};

/** Runs until Ctrl-C or SIGTERM; resolves to the exit code. */
export const serveLocally = async (options: Omit<LocalOptions, 'stopping'>): Promise<number> => {
  const { print, stateDir } = options;
  const began = performance.now();
  const { stopping } = stopSignals(
    () => print('Stopping … (Ctrl-C once more kills)'),
    () => {
      killLocal(stateDir);
      process.exit(1);
    },
  );
  try {
    const run = await runLocal({ ...options, stopping });
    const { ONSALE_DURABILITY: durability = 'disk' } = options.env;
    const where = durability === 'replicated' ? 'acknowledged by a replica' : 'on the disk of one Redis';
    print(`A 202 promises that the request is ${where} (ONSALE_DURABILITY=${durability})`);
    await showExamples(run.address, print);
    const pages = (await pagesOf(run.address)).join(' and ');
    const seconds = ((performance.now() - began) / 1_000).toFixed(1);
    print(`onsale is ready at ${run.address} after ${seconds} s, try ${pages}; Ctrl-C stops it`);
    if (!stopping.aborted) await once(stopping, 'abort');
    await run.stop();
    print('Stopped; the data stays in .onsale/');
    return 0;
  } catch (error) {
    if (stopping.aborted) return 0;
    print(message(error));
    return 1;
  }
};
