/** How bad it is on the way to a server. */
export interface Weather {
  /** Typical delay of each way, ms; some take many times as long. */
  readonly delayMs: number;
  /** Shares of questions that never arrive, whose answers never come, and that arrive long after they were given up. */
  readonly lost: number;
  readonly unanswered: number;
  readonly belated: number;
  /** Share of requests that the server answers with an error of its own, without doing anything. */
  readonly refused: number;
}

export const calm: Weather = { delayMs: 0.5, lost: 0, unanswered: 0, belated: 0, refused: 0 };

/** What becomes of one question. */
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
