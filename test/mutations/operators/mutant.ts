/** One small change to the source, made by an operator instead of by hand. */
export interface Mutant {
  /** Path relative to the root. */
  readonly file: string;
  readonly operator: Operator;
  readonly line: number;
  /** Where in the file, in characters, and the text that replaces it. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** The changed lines before and after, trimmed: what names a mutant when lines around it move. */
  readonly before: string;
  readonly after: string;
}

export const operators = [
  'negate a condition',
  'never exit early',
  'swap a comparison',
  'swap && and ||',
  'drop an await',
  'drop a statement',
  'swap min and max',
  'drop a term',
] as const;

export type Operator = (typeof operators)[number];

/** The name of a mutant across commits, without line numbers. */
export const mutantKey = ({ file, before, after }: Pick<Mutant, 'file' | 'before' | 'after'>): string =>
  `${file}\n- ${before}\n+ ${after}`;
