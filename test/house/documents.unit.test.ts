import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { curlLines } from '../../infra/local/sample-show.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('documents');

const root = fileURLToPath(new URL('../../', import.meta.url));
const documents = execFileSync('git', ['ls-files', '*.md'], { cwd: root, encoding: 'utf8' })
  .trim()
  .split('\n');

const brokenLinksOf = (document: string): readonly string[] => {
  const text = readFileSync(join(root, document), 'utf8');
  const links = [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, link = '']) => link);
  return links.filter((link) => !existsSync(join(root, dirname(document), link)));
};

test('every link from one document leads to a file that is there', () => {
  for (const document of documents) assert.equal(brokenLinksOf(document), [], document);
});

test('the README shows the very lines that npm start prints', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const shown = /"showId":"([0-9a-f-]{36})"/.exec(readme)?.[1] ?? '';
  for (const line of curlLines('http://127.0.0.1:3000', { id: shown, poolId: 'standing' }))
    assert.ok(readme.includes(line), line);
});
