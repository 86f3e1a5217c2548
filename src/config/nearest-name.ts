/** The name that was probably meant, if one is similar: up to a third of its letters may differ. */
export const nearestName = (written: string, names: readonly string[]): string | undefined => {
  const [nearest] = names
    .map((name) => ({ name, edits: editsBetween(written, name) }))
    .filter(({ name, edits }) => edits <= name.length / 3)
    .sort((one, other) => one.edits - other.edits);
  return nearest?.name;
};

/** How many letters must be inserted, removed or changed (Levenshtein distance), computed row by row. */
const editsBetween = (from: string, to: string): number => {
  let above = [...Array(to.length + 1).keys()];
  for (const [row, letter] of [...from].entries()) {
    const current = [row + 1];
    for (let column = 1; column <= to.length; column++) {
      const changed = (above[column - 1] ?? 0) + (letter === to[column - 1] ? 0 : 1);
      current.push(Math.min((above[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1, changed));
    }
    above = current;
  }
  return above[to.length] ?? 0;
};
