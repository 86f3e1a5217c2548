import type { Logger } from '../domain/ports.ts';

/** Keeps an outage to one line at its beginning and one at its end, and slows down while it lasts. */
export interface Outage {
  /** Returns how long to wait before the next attempt, ms. */
  failed(error: unknown): number;
  over(): void;
}

export interface OutageOptions {
  readonly logger: Logger;
  readonly pauseMinMs: number;
  readonly pauseMaxMs: number;
}

export const newOutage = ({ logger, pauseMinMs, pauseMaxMs }: OutageOptions): Outage => {
  let failures = 0;
  return {
    failed: (error) => {
      if (failures === 0) logger.warn({ err: error }, 'leases: the server cannot be asked, trying again');
      failures += 1;
      return Math.min(pauseMaxMs, pauseMinMs * 2 ** Math.min(failures - 1, 10));
    },
    over: () => {
      if (failures > 0) logger.info({ failures }, 'leases: the server answers again');
      failures = 0;
    },
  };
};
