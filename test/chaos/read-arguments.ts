import { parseArgs } from 'node:util';

export const parts = ['main', 'failover', 'power-loss'] as const;

export type Part = (typeof parts)[number];

export interface Arguments {
  readonly seed: number;
  /** How long faults are injected by the main part; without it, once around all kinds: about a minute. */
  readonly minutes: number | undefined;
  /** Where the report goes; a directory of the system's for temporary files when not given. */
  readonly out: string | undefined;
  readonly only: readonly Part[];
}

/** Throws one line that says how it is used. */
export const readArguments = (args: readonly string[], newSeed: () => number): Arguments => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string' },
      minutes: { type: 'string' },
      out: { type: 'string' },
      only: { type: 'string', multiple: true },
    },
  });
  return {
    seed: numberOf('--seed', values.seed) ?? newSeed(),
    minutes: numberOf('--minutes', values.minutes),
    out: values.out,
    only: values.only?.map(parsePart) ?? parts,
  };
};

const numberOf = (name: string, text: string | undefined): number | undefined => {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (text.trim() === '' || !Number.isFinite(number) || number < 0)
    throw new Error(`${name} wants a number, not "${text}"`);
  return number;
};

const parsePart = (text: string): Part => {
  const part = parts.find((name) => name === text);
  if (part === undefined) throw new Error(`--only wants one of ${parts.join(', ')}, not "${text}"`);
  return part;
};
