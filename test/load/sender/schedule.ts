export interface Schedule {
  /** Total number of requests. */
  readonly total: number;
  /** When the nth is due, ms from the start. */
  readonly dueMs: (n: number) => number;
  /** Number of requests due until then. */
  readonly dueUntil: (elapsedMs: number) => number;
}

/**
 * An even rate that nothing slows down. A sender that waits for answers sends less while the server is slow,
 * so its measurements would hardly show the slow moments.
 */
export const evenSchedule = (ratePerSecond: number, seconds: number): Schedule => {
  const total = Math.round(ratePerSecond * seconds);
  const everyMs = 1_000 / ratePerSecond;
  return {
    total,
    dueMs: (n) => n * everyMs,
    dueUntil: (elapsedMs) => Math.min(total, elapsedMs < 0 ? 0 : Math.floor(elapsedMs / everyMs) + 1),
  };
};
