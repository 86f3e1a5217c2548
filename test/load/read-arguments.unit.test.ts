import { assert, suite } from '../support/suite.ts';
import { judgedParts, partNames, quickParts } from './part-names.ts';
import { readArguments } from './read-arguments.ts';

const test = suite('what a bench is asked for');

test('everything, and nothing is written, unless told otherwise', () => {
  const { parts, quick, write } = readArguments([]);
  assert.equal([parts, quick, write], [partNames, false, false]);
});

test('a quick run takes the parts that fit, or those that are named', () => {
  assert.equal(readArguments(['--quick']).parts, quickParts);
  assert.equal(readArguments(['--quick', 'drain']).parts, ['drain']);
});

test('only the quick run that CI makes has a limit', () => {
  assert.ok((readArguments(['--quick']).limitSeconds ?? 0) > 0);
  assert.is(readArguments(['--quick', 'drain']).limitSeconds, undefined);
  assert.is(readArguments([]).limitSeconds, undefined);
});

test('seconds, rounds, count and peers are read', () => {
  const args = [
    'throughput',
    '--seconds',
    '5',
    '--rounds',
    '4',
    '--count',
    '1000',
    '--peers',
    'job-queue,lua-counter',
  ];
  const { seconds, rounds, count, peers } = readArguments(args);
  assert.equal([seconds, rounds, count], [5, 4, 1_000]);
  assert.equal(peers, ['job-queue', 'lua-counter']);
});

test('a part that does not exist is refused, and the message names those that do', () =>
  assert.throws(() => readArguments(['speed']), /no part "speed": throughput/));

test('half a second and no round are refused', () => {
  assert.throws(() => readArguments(['--seconds', '0.5']), /--seconds wants/);
  assert.throws(() => readArguments(['--rounds', '0']), /--rounds wants/);
});

test('beside an older commit what a change is judged by is played, in nine pairs', () => {
  const { against, rounds } = readArguments(['--against', 'v1.2']);
  assert.equal(against, { commit: 'v1.2', parts: judgedParts });
  assert.is(rounds, 9);
});

test('beside an older commit parts, pairs and a quick run may be chosen', () => {
  const { against, rounds } = readArguments(['drain', '--against', 'v1.2', '--rounds', '4']);
  assert.equal([against?.parts, rounds], [['drain'], 4]);
  assert.is(readArguments(['--against', 'v1.2', '--quick']).rounds, 2);
});

test('a part that two builds cannot play is refused, and the message names those they can', () =>
  assert.throws(
    () => readArguments(['throughput', 'soak', '--against', 'v1.2']),
    /^"soak" has no --against side; these have one: throughput variants/,
  ));

test('a comparison is neither written down nor shared with peers', () => {
  assert.throws(() => readArguments(['--against', 'v1.2', '--write']), /--write does not go with --against/);
  assert.throws(() => readArguments(['--against', 'v1.2', '--peers', 'constant']), /--peers does not go/);
});

test('what git would take for an option is no commit', () => {
  assert.throws(() => readArguments(['--against=--all']), /--against wants a commit, not "--all"/);
  assert.throws(() => readArguments(['--against=']), /--against wants a commit, not ""/);
});
