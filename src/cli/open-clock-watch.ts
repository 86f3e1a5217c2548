import type { Config } from '../config.ts';
import { lookRegularly } from '../telemetry/look-regularly.ts';
import { type ClockWatching, watchClock } from '../telemetry/watch-clock.ts';
import { degraded, ok, type Part, type PartOptions } from './part.ts';
import { realClock as clock } from './system.ts';

const everyMs = 1_000;

/** Watches the clock of this process for as long as it runs; it may jump at any time. */
export const openClockWatch = (
  { config, logger, telemetry: { registry } }: PartOptions,
  serverTimes: ClockWatching['serverTimes'],
): Part => {
  const watch = watchClock({ registry, logger, clock, serverTimes, limitMs: limitMsOf(config) });
  const stop = lookRegularly('the clock of Redis', { everyMs, look: watch.look, logger });
  return {
    check: async () => {
      const state = watch.state();
      if (state.type === 'unknown') return { lines: {} };
      if (state.type === 'same') return { lines: { clock: ok } };
      return { lines: { clock: state.isHarmful ? state.text : degraded(state.text) } };
    },
    close: async () => stop(),
  };
};

/** Nothing that Redis decides goes by our clock. Tokens do, within their tolerance; and ids and logs carry its time. */
const limitMsOf = ({ auth, jwtClockToleranceSeconds }: Config): number =>
  auth === 'jwt' ? Math.max(1, jwtClockToleranceSeconds) * 1_000 : 30_000;
