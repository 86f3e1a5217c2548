import { parseArgs } from 'node:util';

export const parts = ['main', 'failover', 'power-loss'] as const;

export type DrillPart = (typeof parts)[number];

export const usage = `npm run chaos -- [options]
  --minutes N   how long faults are injected (once around all kinds: about a minute)
  --seed N      the schedule of that seed again
  --only part   one of ${parts.join(', ')}; may be given more than once
  --out folder  where the report goes`;

export interface Arguments {
  readonly seed: number;
  /** How long the main part injects faults; by default each kind once, which takes about a minute. */
  readonly minutes: number | undefined;
  /** Directory of the report; default: one in the system's directory for temporary files. */
  readonly out: string | undefined;
  readonly only: readonly DrillPart[];
}

/** Throws an error whose message is one line. */
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

const parsePart = (text: string): DrillPart => {
  const part = parts.find((name) => name === text);
  if (part === undefined) throw new Error(`--only wants one of ${parts.join(', ')}, not "${text}"`);
  return part;
};
