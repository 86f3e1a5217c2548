import { parseArgs } from 'node:util';
import { type PartName, partNames, quickParts } from './part-names.ts';

export interface Arguments {
  readonly parts: readonly PartName[];
  readonly quick: boolean;
  /** How long one measurement takes; parts have their own when it is not given. */
  readonly seconds: number | undefined;
  /** How often each side has its turn. */
  readonly rounds: number;
  /** How many reservations `reads`, `drain`, `growth` and `soak` are about; each has its own number. */
  readonly count: number | undefined;
  /** Peers to measure; those a part chooses when not given. */
  readonly peers: readonly string[] | undefined;
  /** After which no further part or side is begun: what is quick stays quick on a slow machine. */
  readonly limitSeconds: number | undefined;
  /** Whether docs/benchmarks is written: not by CI, which must leave the tree as it is. */
  readonly write: boolean;
}

export const usage = `usage: npm run bench -- [part…] [--quick] [--seconds N] [--rounds N] [--count N]
                          [--peers a,b] [--write]

parts: ${partNames.join(' ')}
`;

// What was begun may take half a minute more.
const quickLimitSeconds = 90;

/** Throws one line that says what is wrong. */
export const readArguments = (args: readonly string[]): Arguments => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      seconds: { type: 'string' },
      rounds: { type: 'string' },
      count: { type: 'string' },
      peers: { type: 'string' },
      write: { type: 'boolean', default: false },
    },
  });
  const { quick, write, peers } = values;
  return {
    parts: positionals.length > 0 ? positionals.map(parsePart) : quick ? quickParts : partNames,
    quick,
    limitSeconds: quick && positionals.length === 0 ? quickLimitSeconds : undefined,
    seconds: numberOf('--seconds', values.seconds),
    rounds: numberOf('--rounds', values.rounds) ?? (quick ? 2 : 3),
    count: numberOf('--count', values.count),
    peers: peers?.split(',').filter((name) => name !== ''),
    write,
  };
};

const numberOf = (name: string, text: string | undefined): number | undefined => {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1)
    throw new Error(`${name} wants a number from 1, not "${text}"`);
  return number;
};

const parsePart = (text: string): PartName => {
  const part = partNames.find((name) => name === text);
  if (part === undefined) throw new Error(`there is no part "${text}": ${partNames.join(' ')}`);
  return part;
};
