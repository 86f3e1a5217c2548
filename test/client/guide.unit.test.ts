import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { statusField } from '../../src/http/message/represent-reservation.ts';
import { problems } from '../../src/http/problems/problems.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('the guide');

const guide = readFileSync(fileURLToPath(new URL('../../docs/guide/README.md', import.meta.url)), 'utf8');

test('it lists every problem with its status, in the order of the code, and no other', () => {
  const listed = [...guide.matchAll(/^\| (\d{3}) \| `([a-z-]+)` \| .+ \|$/gm)];
  const known = Object.entries(problems);
  assert.equal(
    listed.map(([, status, code]) => [code, Number(status)]),
    known.map(([code, { status }]) => [code, status]),
  );
});

test('it explains every status, and draws it', () => {
  const { enum: statuses } = { enum: [], ...JSON.parse(JSON.stringify(statusField)) };
  assert.is(statuses.length, 6);
  const diagram = /```mermaid\n(.+?)```/s.exec(guide)?.[1] ?? '';
  for (const status of statuses) {
    assert.match(guide, new RegExp(`^\\| \`${status}\` \\|`, 'm'));
    assert.match(diagram, new RegExp(`\\b${status}\\b`));
  }
});
