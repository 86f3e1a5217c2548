import { readIfMatch } from '../../src/command/read-if-match.ts';
import { cpuMs } from '../support/cpu-ms.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('command: If-Match');

const revisionsOf = (text: string): readonly number[] | 'any' | undefined => {
  const read = readIfMatch(text);
  return read.type === 'read' ? (read.about.revisions ?? 'any') : undefined;
};

test('it is one ETag, weak or not, a list or *, and each revision counts once', () => {
  for (const [text, revisions] of [
    ['"7.1"', [7]],
    ['W/"7.1"', [7]],
    ['"7.1", "8.1"', [7, 8]],
    ['"7.1",W/"8.1","7.2"', [7, 8]],
    [' ,"7.1" ,\t,"8.1",', [7, 8]],
    ['"of-another-service", "7.1", "a,b", ""', [7]],
    ['*', 'any'],
    [' * ', 'any'],
  ] as const)
    assert.equal(revisionsOf(text), revisions, text);
});

test('without a revision that could be one it is refused, and says what to send', () => {
  const texts = [
    '7',
    '"7"',
    '"0.1"',
    '"7.1.1"',
    '',
    ',',
    '*, "7.1"',
    '"7.1", *',
    '"*"',
    '"7.1" "8.1"',
    '"7.1',
  ];
  for (const text of [
    ...texts,
    'w/"7.1"',
    'W/ "7.1"',
    '"7.1";q=1',
    '"a,"7.1"',
    '"7.1"\u00a0',
    '"x y", "7.1"',
  ]) {
    const read = readIfMatch(text);
    const detail = 'must be the ETag that the show was read with, a list of such, or *';
    const errors = [{ pointer: 'if-match', detail }];
    assert.equal(
      read.type === 'refused' && [read.problem.code, read.problem.errors],
      ['invalid-request', errors],
      text,
    );
  }
  const none = readIfMatch(undefined);
  assert.is(none.type === 'refused' && none.problem.code, 'revision-required');
});

test('it names a hundred revisions at most, in as many tags as a head has room for', () => {
  const named = (count: number): string => Array.from({ length: count }, (_, n) => `"${n + 1}.1"`).join(',');
  assert.is(revisionsOf(named(100))?.length, 100);
  assert.equal(revisionsOf(Array.from({ length: 2_000 }, () => '"7.1"').join(',')), [7]);
  const read = readIfMatch(named(101));
  assert.equal(
    read.type === 'refused' && read.problem.errors?.[0]?.detail,
    'must name at most 100 revisions',
  );
});

test('16 kB of anything are read in a moment', () => {
  const parts = [' ', ',', '"', 'W/', '"a" ', '"",', ' ,', '*', '\t,\t'];
  const began = cpuMs();
  for (const part of parts)
    for (const end of ['', '"', 'x', ' ', '\u0100']) {
      readIfMatch(part.repeat(16_384 / part.length) + end);
      readIfMatch(`"7.1",${part.repeat(16_384 / part.length)}${end}`);
    }
  assert.ok(cpuMs() - began < 2_000);
});
