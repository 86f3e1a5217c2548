/** Which side runs: the older commit, or the checkout. */
export type Turn = 'before' | 'now';

export type Pair<Figures> = Readonly<Record<Turn, Figures>>;

/** Before, now, now, before, …: the order alternates, so that a drift of the machine favours neither side. */
export const turnsOf = (pair: number): readonly [Turn, Turn] =>
  pair % 2 === 0 ? ['before', 'now'] : ['now', 'before'];

/** Runs `pairs` pairs, one turn after the other. */
export const inPairs = async <Figures>(
  pairs: number,
  play: (turn: Turn, pair: number) => Promise<Figures>,
): Promise<readonly Pair<Figures>[]> => {
  const played: Pair<Figures>[] = [];
  for (let pair = 0; pair < pairs; pair += 1) {
    const [first, second] = turnsOf(pair);
    const figures = [await play(first, pair), await play(second, pair)] as const;
    const [before, now] = first === 'before' ? figures : [figures[1], figures[0]];
    played.push({ before, now });
  }
  return played;
};
