import { assert, suite } from '../support/suite.ts';
import { renderReport } from './render-report.ts';
import type { DrillReport, PartReport } from './report.ts';

const test = suite('the report of the fault drill');

const none = {
  oversold: [],
  lost: [],
  undersold: [],
  'over-limit': [],
  untimely: [],
  'out-of-order': [],
  duplicated: [],
  disagreeing: [],
  unfenced: [],
};

const part: PartReport = {
  name: 'every kind',
  seconds: 60,
  verdict: 'broken',
  faults: [
    {
      kind: 'kill-redis',
      forMs: 0,
      strength: 0,
      target: 1,
      restMs: 10,
      atMs: 1_234,
      tookMs: 100,
      recoveredMs: 900,
      gapMs: 1_100,
      notes: ['a note'],
      wrong: [],
    },
    {
      kind: 'kill-redis',
      forMs: 0,
      strength: 0,
      target: 2,
      restMs: 10,
      atMs: 9_000,
      tookMs: 100,
      recoveredMs: undefined,
      gapMs: 60_000,
      notes: [],
      wrong: ['a promise'],
    },
  ],
  requests: { 'reserve: 202': 12, 'cancel: 200 cancelled': 3 },
  takeOvers: [
    { how: 'kill -9', partition: 0, epoch: 2, tookMs: 3_000 },
    { how: 'kill -9', partition: 1, epoch: 2, tookMs: 3_400 },
    { how: 'kill -9', partition: 2, epoch: 2, tookMs: 3_100 },
  ],
  longestGapMs: 60_000,
  checks: [{ what: 'something', verdict: 'skipped' }],
  audits: {
    'at the end': {
      verdict: 'broken',
      findings: { ...none, lost: Array.from({ length: 30 }, (_, n) => ({ about: `id-${n}`, what: 'gone' })) },
      looked: {
        partitions: 8,
        entries: 500,
        decisions: 500,
        reservations: 400,
        shows: 5,
        parked: 0,
        dismissed: 0,
        late: 0,
        raised: 0,
        operations: 400,
      },
    },
  },
};

const report: DrillReport = {
  version: '0.1.0',
  node: 'v20',
  startedAt: '2026-01-01T00:00:00.000Z',
  seed: 7,
  command: 'npm run chaos -- --seed 7',
  seconds: 61,
  verdict: 'broken',
  parts: [part],
};

const text = renderReport(report);

test('it begins with the verdict, the seed, and how to run it again', () => {
  for (const piece of ['Verdict: **broken**', 'Seed 7', '`npm run chaos -- --seed 7`'])
    assert.match(text, piece);
});

test('every fault has its line, and every kind its worst figures', () => {
  assert.match(text, '| 1.23 s | kill-redis | 0.10 s | 0.90 s | 1.10 s | a note |');
  assert.match(text, '| 9.00 s | kill-redis | 0.10 s | **never** | 60.00 s | **wrong: a promise** |');
  assert.match(text, '| kill-redis | 2 | **never** | 60.00 s |');
});

test('take-overs are told by how the owner was lost, requests by result, the audit by invariant', () => {
  assert.match(text, '| kill -9 | 3 | 3.00 s | 3.10 s | 3.40 s |');
  assert.match(text, '| cancel: 200 cancelled | 3 |\n| reserve: 202 | 12 |');
  assert.match(text, 'Looked at 8 partitions, 500 entries, 500 decisions');
  assert.match(text, '| lost | 30 |');
});

test('a long list is cut and says so; what was skipped is not left out', () => {
  assert.match(text, '- and 10 more, in the JSON');
  assert.not.match(text, '`id-25`');
  assert.match(text, '- skipped: something');
});
