import type { Outcome } from './against/trial.ts';
import { type ByName, cpuWhile, microsEach } from './cpu-time.ts';
import { plenty } from './measure-throughput.ts';
import type { Bench } from './parts/part.ts';
import type { OurRunningSide, OurSide } from './sides/side.ts';
import { whileRunning } from './sides/while-running.ts';
import { untilDecided } from './until-decided.ts';

export interface DrainFigures {
  readonly perSecond: number;
  /** CPU time per decision, by process. */
  readonly cpuMicros: ByName;
}

export interface Backlog {
  /** Creates what must exist before the projectors stop. */
  readonly prepare?: (running: OurRunningSide) => Promise<void>;
  /**
   * Builds the backlog while the projectors are stopped. Resolves to the number of decisions that it takes.
   */
  readonly gather: (running: OurRunningSide) => Promise<number>;
}

/** For building a backlog: without a projector, an API soon refuses requests that would wait too long. */
export const patientDoor = {
  ONSALE_BACKLOG_ENTRIES_MAX: '100000000',
  ONSALE_BACKLOG_WAIT_SECONDS_MAX: '86400',
};

/**
 * Builds a backlog without a projector, then starts one. Timed from the first batch, because starting a
 * process is not part of the speed.
 */
export const measureDrain = (side: OurSide, { servers }: Bench, backlog: Backlog): Promise<DrainFigures> =>
  whileRunning(side, { servers, capacity: plenty }, async (running) => {
    await backlog.prepare?.(running);
    await running.stopProjectors();
    const before = await running.decided();
    const total = before + (await backlog.gather(running));
    await running.startProjectors();
    await untilDecided(running, before + 1);
    const first = await running.decided();
    const began = performance.now();
    const pids = { ...running.pids(), ...servers.pids };
    const { cpuMs } = await cpuWhile(pids, () => untilDecided(running, total));
    return {
      perSecond: ((total - first) * 1_000) / (performance.now() - began),
      cpuMicros: microsEach(cpuMs, total - first),
    };
  });

/** Result of a trial. */
export const outcomeOfDrain = ({ perSecond, cpuMicros }: DrainFigures): Outcome => ({
  cpuMicros,
  figures: [{ figure: 'drained', unit: '/s', value: perSecond }],
});
