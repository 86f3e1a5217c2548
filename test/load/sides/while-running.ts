import type { BenchServers } from '../bench-servers.ts';
import type { OurRunningSide, OurSide } from './side.ts';

/** Starts the side on servers that hold nothing, and stops it whatever becomes of the work. */
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
