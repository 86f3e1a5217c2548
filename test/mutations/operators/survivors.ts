import { mutantKey } from './mutant.ts';

/** Why a mutant survives, by its key. An `open` one has not been explained yet. */
export type Survivors = ReadonlyMap<string, { readonly why: string; readonly isOpen: boolean }>;

const open = 'open';

/**
 * Reads survivors.txt: blocks with blank lines between them, each with the file, the changed line before
 * and after, and why no test can fail, or `open` where nobody knows yet. Lines with `#` are comments. Throws on
 * anything else.
 */
export const parseSurvivors = (text: string): Survivors => {
  const blocks = text
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n')
    .split(/\n{2,}/)
    .map((block) => block.trim())
    .filter((block) => block !== '');
  return new Map(blocks.map(parseBlock));
};

const blockPattern = /^(src\/\S+\.ts)\n- (.+)\n\+ (.*)\n(why: .+|open)$/;

const parseBlock = (block: string): [string, { why: string; isOpen: boolean }] => {
  const [, file, before, after, said] = blockPattern.exec(block) ?? [];
  if (file === undefined || before === undefined || after === undefined || said === undefined)
    throw new Error(`no survivor can be read from ${JSON.stringify(block)}`);
  return [mutantKey({ file, before, after }), { why: said.replace(/^why: /, ''), isOpen: said === open }];
};
