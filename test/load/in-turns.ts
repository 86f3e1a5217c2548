/** A B A B: each side runs in each round, so that disturbances of the machine affect all sides alike. */
export const inTurns = async <Side extends { readonly id: string }, Figures>(
  sides: readonly Side[],
  rounds: number,
  measure: (side: Side) => Promise<Figures>,
): Promise<ReadonlyMap<Side, readonly Figures[]>> => {
  const measured = new Map<Side, Figures[]>(sides.map((side) => [side, []]));
  for (let round = 0; round < rounds; round += 1)
    for (const side of sides) measured.get(side)?.push(await measure(side));
  return measured;
};
