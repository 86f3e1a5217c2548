// Loaded before a bundle of instrumented sources (instrument.ts). With ONSALE_MUTANT a number, that mutant is
// on. Otherwise none is, and the numbers of all that were asked for go to the file ONSALE_MUTANTS_REACHED.
import { writeFileSync } from 'node:fs';

const { ONSALE_MUTANT: mutant, ONSALE_MUTANTS_REACHED: file } = process.env;

if (file === undefined) {
  const on = Number(mutant);
  globalThis.isMutantOn = (id) => id === on;
} else {
  // An array and not a set: it is written to millions of times.
  const reached = new Uint8Array(100_000);
  globalThis.isMutantOn = (id) => {
    reached[id] = 1;
    return false;
  };
  process.on('exit', () => {
    const numbers = [...reached.keys()].filter((id) => reached[id] === 1);
    writeFileSync(file, JSON.stringify(numbers));
  });
}
