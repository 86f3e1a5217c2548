import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { curlLines } from '../../infra/local/sample-show.ts';
import { problems } from '../../src/http/problems/problems.ts';
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

/** The anchor that GitHub makes of a heading: letters, digits, `_` and `-`, with a `-` for each blank. */
const anchorOf = (heading: string): string =>
  heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(/\s/g, '-');

const anchorsOf = (document: string): readonly string[] => {
  const text = readFileSync(join(root, document), 'utf8').replaceAll(/^ *```.*?^ *```/gms, '');
  return [...text.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) => anchorOf(heading));
};

test('every link to a part of a page leads to a heading that is there', () => {
  for (const document of documents) {
    const text = readFileSync(join(root, document), 'utf8');
    for (const [link, path = '', anchor = ''] of text.matchAll(/\]\((?!https?:)([^)#\s]*)#([^)\s]+)\)/g)) {
      const target = path === '' ? document : join(dirname(document), path);
      if (target.endsWith('.md')) assert.ok(anchorsOf(target).includes(anchor), `${document}: ${link}`);
    }
  }
});

const operating = documents.filter((path) => path.startsWith('docs/operating/'));

test('a page of operating names only problems that there are, beside their status', () => {
  for (const page of operating)
    for (const [said, status, code = ''] of readFileSync(join(root, page), 'utf8').matchAll(
      /\b([45]\d\d) `([a-z]+-?[a-z-]*)`/g,
    ))
      assert.is(new Map(Object.entries(problems)).get(code)?.status, Number(status), `${page}: ${said}`);
});

test('a page of operating has no verb end with 2, which is for what was typed wrongly', () => {
  for (const page of operating)
    assert.not.match(readFileSync(join(root, page), 'utf8'), /`(?:npx )?onsale [a-z]+` ends with 2/);
});

test('the Prometheus that is there to be copied asks the ops ports of the processes in the README', () => {
  const lines = readFileSync(join(root, 'README.md'), 'utf8').match(/^.*npx onsale serve .*$/gm) ?? [];
  const ports = lines.map((line) => /OPS_PORT=(\d+)/.exec(line)?.[1] ?? '3001');
  assert.is(ports.length, 2);
  const { scrape_configs: jobs } = parse(
    readFileSync(join(root, 'infra/prometheus/prometheus.yaml'), 'utf8'),
  );
  assert.equal(
    jobs[0].static_configs[0].targets,
    ports.map((port) => `127.0.0.1:${port}`),
  );
});

test('the README shows the very lines that npm start prints', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const shown = /"showId":"([0-9a-f-]{36})"/.exec(readme)?.[1] ?? '';
  for (const line of curlLines('http://127.0.0.1:3000', { id: shown, poolId: 'standing' }))
    assert.ok(readme.includes(line), line);
});

/** The files of src that a section of the README names. */
const filesFollowed = (heading: string): readonly string[] => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const [, after = ''] = readme.split(`## ${heading}\n`);
  const [section = ''] = after.split('\n## ');
  return [...section.matchAll(/\]\((src\/[^)]+)\)/g)].map(([, file = '']) => file);
};

test('a reader follows a reservation, and then a confirm, through seven short files, none of them twice', () => {
  const walks = ['Follow one reservation', 'Follow one confirm'].map(filesFollowed);
  for (const files of walks) assert.ok(files.length >= 5 && files.length <= 7, files.join(', '));
  const files = walks.flat();
  assert.is(new Set(files).size, files.length);
  for (const file of files) {
    const lines = readFileSync(join(root, file), 'utf8').trimEnd().split('\n').length;
    assert.ok(lines <= 200, `${file} has ${lines} lines`);
  }
});
