import { parseArgs } from 'node:util';

export interface Arguments {
  /** Duration of the play. */
  readonly minutes: number;
  /** Requests of the crowd per second during the spike. */
  readonly rate: number;
  /**
   * The most projectors that are started, whatever number is wanted, because the machine has a limited number
   * of cores.
   */
  readonly most: number;
  readonly write: boolean;
}

export const usage = `npm run scale -- [options]
  --minutes N   how long the play takes (2)
  --rate N      how many the crowd asks for in a second of the spike (24000)
  --most N      never start more projectors than this (4)
  --write       figures and picture into docs/benchmarks`;

/** Throws an error whose message is one line. */
export const readArguments = (args: readonly string[]): Arguments => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      minutes: { type: 'string', default: '2' },
      rate: { type: 'string', default: '24000' },
      most: { type: 'string', default: '4' },
      write: { type: 'boolean', default: false },
    },
  });
  return {
    minutes: positive('--minutes', values.minutes),
    rate: positive('--rate', values.rate),
    most: whole('--most', values.most),
    write: values.write,
  };
};

const positive = (name: string, text: string): number => {
  const number = Number(text);
  if (!(number > 0 && Number.isFinite(number)))
    throw new Error(`${name} wants a number above 0, not "${text}"`);
  return number;
};

const whole = (name: string, text: string): number => {
  const number = positive(name, text);
  if (!Number.isInteger(number)) throw new Error(`${name} wants a whole number, not "${text}"`);
  return number;
};
