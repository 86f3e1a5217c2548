import type { Clock, Logger } from '../domain/ports.ts';
import { aheadOf, boundsAt, type ServerTime } from '../domain/server-time.ts';
import { metricList } from './metrics/metric-list.ts';
import type { Registry } from './metrics/registry.ts';

export interface ClockWatchOptions {
  readonly registry: Registry;
  readonly logger: Logger;
  readonly clock: Pick<Clock, 'nowMs' | 'monotonicMs'>;
  /** The times of all servers that take writes; a server that does not answer is left out. */
  readonly serverTimes: () => Promise<readonly ServerTime[]>;
  /** A larger difference is harmful. */
  readonly limitMs: number;
}

export type ClockState =
  | { readonly type: 'same' }
  /** No server has answered lately. */
  | { readonly type: 'unknown' }
  | { readonly type: 'differs'; readonly isHarmful: boolean; readonly text: string };

export interface ClockWatch {
  /** Asks the servers once; the caller decides how often. */
  sample(): Promise<void>;
  /** Compares the last answers with the present clock, so a clock that jumps is noticed at once. */
  state(): ClockState;
}

/** Smaller differences are the usual drift of machines that use a time server. */
const differsMs = 1_000;
const logEveryMs = 60_000;

/** Compares the clock of this process with that of Redis, which decides. */
export const watchClock = (watching: ClockWatchOptions): ClockWatch => {
  const { registry, logger, clock, serverTimes, limitMs } = watching;
  const log = newClockLog(logger, clock);
  let times: readonly ServerTime[] = [];

  /** With several servers, the largest difference; only the part that is certain. */
  const aheadMs = (): number | undefined => {
    const monotonicMs = clock.monotonicMs();
    const ahead = times.flatMap((time) => {
      const bounds = boundsAt(time, monotonicMs);
      return bounds ? aheadOf(bounds, clock.nowMs()) : [];
    });
    return ahead.toSorted((a, b) => Math.abs(b) - Math.abs(a))[0];
  };

  registry.gauge(metricList.clockDifference, () => {
    const ahead = aheadMs();
    return ahead === undefined ? [] : [{ value: ahead / 1_000 }];
  });
  return {
    sample: async () => {
      times = await serverTimes();
      log(aheadMs());
    },
    state: () => {
      const ahead = aheadMs();
      if (ahead === undefined) return { type: 'unknown' };
      if (Math.abs(ahead) <= differsMs) return { type: 'same' };
      return { type: 'differs', isHarmful: Math.abs(ahead) > limitMs, text: differenceText(ahead) };
    },
  };
};

const differenceText = (aheadMs: number): string =>
  `the clock of this host is ${(Math.abs(aheadMs) / 1_000).toFixed(1)} s ${aheadMs > 0 ? 'ahead of' : 'behind'} that of Redis`;

/** Logs a line when the difference begins, one a minute while it lasts, and one when it ends. */
const newClockLog = (logger: Logger, { monotonicMs }: Pick<Clock, 'monotonicMs'>) => {
  let isLogged = false;
  let loggedAtMs = Number.NEGATIVE_INFINITY;
  return (aheadMs: number | undefined): void => {
    if (aheadMs === undefined) return;
    if (Math.abs(aheadMs) <= differsMs) {
      if (isLogged) logger.info({ aheadMs }, 'the clocks of this host and of Redis agree again');
      isLogged = false;
    } else if (monotonicMs() - loggedAtMs >= logEveryMs) {
      logger.warn(
        { aheadMs: Math.round(aheadMs) },
        `${differenceText(aheadMs)}: compare both with a time server (docs/operating/clock-ahead.md)`,
      );
      isLogged = true;
      loggedAtMs = monotonicMs();
    }
  };
};
