import { parseArgs } from 'node:util';
import {
  judgedParts,
  type PairedPart,
  type PartName,
  pairedParts,
  partNames,
  quickParts,
} from './part-names.ts';

export interface Arguments {
  readonly parts: readonly PartName[];
  readonly quick: boolean;
  /** Duration of one measurement; if absent, each part has its own. */
  readonly seconds: number | undefined;
  /** How often each side runs. */
  readonly rounds: number;
  /** Number of reservations for `reads`, `drain`, `growth` and `soak`; each has its own default. */
  readonly count: number | undefined;
  /** Peers to measure; if absent, each part chooses. */
  readonly peers: readonly string[] | undefined;
  /** After this time no further part or side begins, so that `--quick` stays quick on a slow machine. */
  readonly limitSeconds: number | undefined;
  /** Whether docs/benchmarks is written. CI does not write it, because it must not change the tree. */
  readonly write: boolean;
  /** The older commit to compare this checkout with; `rounds` is then the number of pairs. */
  readonly against: Against | undefined;
}

export interface Against {
  /** As typed by the user. */
  readonly commit: string;
  readonly parts: readonly PairedPart[];
}

export const usage = `usage: npm run bench -- [part…] [--quick] [--seconds N] [--rounds N] [--count N]
                          [--peers a,b] [--write]
       npm run bench -- [part…] --against COMMIT [--quick] [--seconds N] [--rounds N] [--count N]

parts: ${partNames.join(' ')}
with --against: ${pairedParts.join(' ')}
`;

/** Enough pairs that no single one determines the median. */
export const pairsToJudge = 9;

// A part that has begun may take half a minute more.
const quickLimitSeconds = 90;

/** Throws an error whose message is one line. */
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
      against: { type: 'string' },
    },
  });
  const { quick, write, peers } = values;
  const named = positionals.map(parsePart);
  const against = againstOf(values, named);
  return {
    parts: named.length > 0 ? named : quick ? quickParts : partNames,
    against,
    quick,
    limitSeconds: quick && named.length === 0 ? quickLimitSeconds : undefined,
    seconds: numberOf('--seconds', values.seconds),
    rounds: numberOf('--rounds', values.rounds) ?? (quick ? 2 : against ? pairsToJudge : 3),
    count: numberOf('--count', values.count),
    peers: peers?.split(',').filter((name) => name !== ''),
    write,
  };
};

interface AgainstValues {
  readonly against?: string;
  readonly write: boolean;
  readonly peers?: string;
}

const againstOf = (
  { against: commit, write, peers }: AgainstValues,
  named: readonly PartName[],
): Against | undefined => {
  if (commit === undefined) return undefined;
  // Git would read it as an option.
  if (commit === '' || commit.startsWith('-')) throw new Error(`--against wants a commit, not "${commit}"`);
  if (write) throw new Error('--write does not go with --against: a comparison is printed and not kept');
  if (peers !== undefined) throw new Error('--peers does not go with --against: it plays two builds of ours');
  return { commit, parts: named.length > 0 ? named.map(parsePaired) : judgedParts };
};

const parsePaired = (part: PartName): PairedPart => {
  const paired = pairedParts.find((name) => name === part);
  if (paired === undefined)
    throw new Error(`"${part}" has no --against side; these have one: ${pairedParts.join(' ')}`);
  return paired;
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
