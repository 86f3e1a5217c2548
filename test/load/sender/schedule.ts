export interface Schedule {
  /** How many requests there are in all. */
  readonly total: number;
  /** When the nth is to be sent, in ms from the start. */
  readonly dueMs: (n: number) => number;
  /** How many are to be sent until then. */
  readonly dueUntil: (elapsedMs: number) => number;
}

/**
 * An even pace that nothing slows down. A sender that waits for answers sends less while the server is slow, and then the
 * slow moments hardly show in what it measures.
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
