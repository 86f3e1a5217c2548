import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { analyse } from 'scslre';
import ts from 'typescript';
import { documentation, serverOf } from '../http/fakes.ts';
import { assert, suite } from '../support/suite.ts';
import { root } from './lint-files.ts';

const test = suite('house: patterns', { timeoutMs: 60_000 });

/**
 * Why matching may take more than linear time: two adjacent parts that match the same characters, or many
 * possible beginnings.
 */
const faultsOf = (pattern: RegExp): readonly string[] =>
  analyse(pattern).reports.map(({ type, exponential }) => `${type}${exponential ? ', exponential' : ''}`);

const parseLiteral = (text: string): RegExp => {
  const end = text.lastIndexOf('/');
  return new RegExp(text.slice(1, end), text.slice(end + 1));
};

interface PatternsOfFile {
  readonly literals: readonly RegExp[];
  /** Number of patterns that are built at run time. */
  readonly built: number;
}

const patternsIn = async (file: string): Promise<PatternsOfFile> => {
  const source = ts.createSourceFile(file, await readFile(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const literals: RegExp[] = [];
  let built = 0;
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) literals.push(parseLiteral(node.text));
    if ((ts.isNewExpression(node) || ts.isCallExpression(node)) && node.expression.getText() === 'RegExp')
      built += 1;
    ts.forEachChild(node, visit);
  };
  visit(source);
  return { literals, built };
};

/** These build patterns from our own constants only: INFO of Redis, addresses of routes, names of tables. */
const builders = [
  'http/problems/refuse-unmatched.ts',
  'log/connection/prepare-connection.ts',
  'log/door/backlogs.ts',
  'store/rebuild/shadow-tables.ts',
];

test('no pattern in the source takes longer than its text is long', async () => {
  const files = (await readdir(join(root, 'src'), { recursive: true })).filter((file) =>
    file.endsWith('.ts'),
  );
  const builds: string[] = [];
  let checked = 0;
  for (const file of files) {
    const { literals, built } = await patternsIn(join(root, 'src', file));
    checked += literals.length;
    if (built > 0) builds.push(file);
    for (const pattern of literals) assert.equal(faultsOf(pattern), [], `${file}: ${pattern}`);
  }
  assert.ok(checked > 50, `${checked} patterns`);
  assert.equal(builds.sort(), builders, 'whoever builds a pattern has a look at it and a line here');
});

test('no pattern of the contract does', async () => {
  const app = serverOf({ documentation });
  const { body } = await app.inject('/openapi.json');
  await app.close();
  const patterns: string[] = [];
  JSON.parse(body, (name, value) => {
    if (name === 'pattern' && typeof value === 'string') patterns.push(value);
    return value;
  });
  assert.ok(patterns.length > 20, `${patterns.length} patterns`);
  for (const pattern of new Set(patterns)) assert.equal(faultsOf(new RegExp(pattern, 'u')), [], pattern);
});

test('one that does is noticed', () => {
  for (const slow of [/\s*=\s*(?:\w*)\s*;/, /^(?:a+)+$/, /\s+$/])
    assert.ok(faultsOf(slow).length > 0, `${slow}`);
});
