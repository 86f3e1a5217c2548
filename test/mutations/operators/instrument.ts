import type { Mutant } from './mutant.ts';

/** A mutant with the number that switches it on. */
export interface NumberedMutant extends Mutant {
  readonly id: number;
}

/** Asked by the instrumented source for each mutant that it comes across; mutant-switch.mjs defines it. */
const isOn = (id: number): string => `isMutantOn(${id})`;

/**
 * The source with all its mutants in it, each behind a switch: so all of them share one bundle, and which
 * tests reach which mutants is known from one run of each test. `mutants` are of this file, in the order of
 * `findMutants`.
 */
export const instrument = (source: string, mutants: readonly NumberedMutant[]): string =>
  render(source, { start: 0, end: source.length }, mutants);

interface Range {
  readonly start: number;
  readonly end: number;
}

const render = (source: string, { start, end }: Range, mutants: readonly NumberedMutant[]): string => {
  let [text, at] = ['', start];
  for (let rest = mutants; rest[0]; ) {
    const outer: Range = rest[0];
    const same = rest.filter((one) => one.start === outer.start && one.end === outer.end);
    const inside = rest.filter((one) => one.start < outer.end && !same.includes(one));
    text += source.slice(at, outer.start) + switched(same, render(source, outer, inside));
    at = outer.end;
    rest = rest.filter(({ start: from }) => from >= outer.end);
  }
  return text + source.slice(at, end);
};

const switched = (mutants: readonly NumberedMutant[], original: string): string => {
  const [first] = mutants;
  // In braces, so that an `else` after it stays with the `if` before it.
  if (first?.operator === 'drop a statement') return `{ if (!${isOn(first.id)}) { ${original} } }`;
  const choices = mutants.map(({ id, text }) => `${isOn(id)} ? (${text}) : `).join('');
  return `(${choices}(${original}))`;
};
