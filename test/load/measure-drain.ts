import type { Outcome } from './against/trial.ts';
import { type ByName, cpuWhile, microsEach } from './cpu-time.ts';
import { plenty } from './measure-throughput.ts';
import type { Bench } from './parts/part.ts';
import type { OurRunningSide, OurSide } from './sides/side.ts';
import { whileRunning } from './sides/while-running.ts';
import { untilDecided } from './until-decided.ts';

export interface DrainFigures {
  readonly perSecond: number;
  /** CPU time a decision took, by process. */
  readonly cpuMicros: ByName;
}

export interface Backlog {
  /** What has to be there before the projectors stop. */
  readonly prepare?: (running: OurRunningSide) => Promise<void>;
  /** What gathers while they are stopped. Resolves with how many decisions it will take. */
  readonly gather: (running: OurRunningSide) => Promise<number>;
}

/** For building a backlog: an API without a projector soon refuses requests that would wait too long. */
export const patientDoor = {
  ONSALE_BACKLOG_ENTRIES_MAX: '100000000',
  ONSALE_BACKLOG_WAIT_SECONDS_MAX: '86400',
};

/** A backlog that gathers while there is no projector, and then one. Timed from the first batch: a process's start is not slowness. */
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

/** The text for a trial. */
export const outcomeOfDrain = ({ perSecond, cpuMicros }: DrainFigures): Outcome => ({
  cpuMicros,
  figures: [{ figure: 'drained', unit: '/s', value: perSecond }],
});
