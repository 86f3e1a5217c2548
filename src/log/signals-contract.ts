/** Tells readers of the journal when it is worth reading again. */
export interface DecisionSignals {
  /**
   * Calls back after a commit of one of these partitions, and when its subscription has become active, since commits before
   * it were not heard. A message may be lost: read again now and then without one.
   */
  listen(partitions: readonly number[], onDecided: (partition: number) => void): { stop(): void };
}
