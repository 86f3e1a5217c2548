import type { Clock, Logger } from '../domain/ports.ts';
import { aheadOf, boundsAt, type ServerTime } from '../domain/server-time.ts';
import { metricList } from './metrics/metric-list.ts';
import type { Registry } from './metrics/registry.ts';

export interface ClockWatching {
  readonly registry: Registry;
  readonly logger: Logger;
  readonly clock: Pick<Clock, 'nowMs' | 'monotonicMs'>;
  /** Asks every server that takes writes; those that do not answer are left out. */
  readonly serverTimes: () => Promise<readonly ServerTime[]>;
  /** From where on a process with such a clock does harm. */
  readonly limitMs: number;
}

export type ClockState =
  | { readonly type: 'same' }
  /** No server has said anything of late. */
  | { readonly type: 'unknown' }
  | { readonly type: 'differs'; readonly isHarmful: boolean; readonly text: string };

export interface ClockWatch {
  /** Asks the servers; whoever made it says how often. */
  look(): Promise<void>;
  /** By the last answers and the clock as it is now: a clock that jumped is known at once. */
  state(): ClockState;
}

/** Less is the usual drift of machines that ask a time server. */
const differsMs = 1_000;
const sayEveryMs = 60_000;

/** Compares the clock of this process with that of Redis, which decides. */
export const watchClock = (watching: ClockWatching): ClockWatch => {
  const { registry, logger, clock, serverTimes, limitMs } = watching;
  const say = newSaying(logger, clock);
  let times: readonly ServerTime[] = [];

  /** Of several servers, by the one that differs most; for certain. */
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
    look: async () => {
      times = await serverTimes();
      say(aheadMs());
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

/** A line when it begins, one a minute while it lasts, one when it is over. */
const newSaying = (logger: Logger, { monotonicMs }: Pick<Clock, 'monotonicMs'>) => {
  let isSaid = false;
  let saidAtMs = Number.NEGATIVE_INFINITY;
  return (aheadMs: number | undefined): void => {
    if (aheadMs === undefined) return;
    if (Math.abs(aheadMs) <= differsMs) {
      if (isSaid) logger.info({ aheadMs }, 'the clocks of this host and of Redis agree again');
      isSaid = false;
    } else if (monotonicMs() - saidAtMs >= sayEveryMs) {
      logger.warn(
        { aheadMs: Math.round(aheadMs) },
        `${differenceText(aheadMs)}: compare both with a time server (docs/operating/clock-ahead.md)`,
      );
      isSaid = true;
      saidAtMs = monotonicMs();
    }
  };
};
