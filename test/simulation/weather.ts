/** Quality of the network to a server. */
export interface Weather {
  /** Typical delay in each direction, ms; some messages take many times as long. */
  readonly delayMs: number;
  /**
   * Share of calls that never arrive; share whose answers never arrive; share that arrive long after they
   * timed out.
   */
  readonly lost: number;
  readonly unanswered: number;
  readonly belated: number;
  /** Share of calls that the server answers with an error, without doing anything. */
  readonly refused: number;
}

export const calm: Weather = { delayMs: 0.5, lost: 0, unanswered: 0, belated: 0, refused: 0 };

/** What happens to one call. */
export type Fate = 'answered' | 'lost' | 'unanswered' | 'belated' | 'refused';

/** `share` is drawn at random, in [0, 1). */
export const fateOf = ({ lost, unanswered, belated, refused }: Weather, share: number): Fate => {
  const fates = [
    ['lost', lost],
    ['unanswered', unanswered],
    ['belated', belated],
    ['refused', refused],
  ] as const;
  let limit = 0;
  for (const [fate, part] of fates) {
    limit += part;
    if (share < limit) return fate;
  }
  return 'answered';
};
