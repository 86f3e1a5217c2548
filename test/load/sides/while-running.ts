import type { BenchServers } from '../bench-servers.ts';
import type { OurRunningSide, OurSide } from './side.ts';

/** Starts the side on empty servers, and stops it whether or not the work succeeds. */
export const whileRunning = async <Result>(
  side: OurSide,
  { servers, capacity }: { readonly servers: BenchServers; readonly capacity: number },
  work: (running: OurRunningSide) => Promise<Result>,
): Promise<Result> => {
  const running = await side.start({ ...(await servers.fresh()), capacity });
  try {
    return await work(running);
  } finally {
    await running.stop();
  }
};
