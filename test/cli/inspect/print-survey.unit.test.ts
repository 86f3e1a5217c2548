import { surveyText } from '../../../src/cli/inspect/print-survey.ts';
import type { Survey } from '../../../src/cli/inspect/survey.ts';
import { newStreamId } from '../../../src/domain/stream-id.ts';
import { assert, suite } from '../../support/suite.ts';

const test = suite('what inspect shows');

const nowMs = 1_700_000_000_000;
const away = { type: 'away', why: 'gone' } as const;

const stream = (lag: number, behind?: number) => ({
  length: 9,
  lastId: newStreamId(nowMs, 0),
  lag,
  ...(behind !== undefined && { behind }),
  ...(lag > 0 && { oldest: newStreamId(nowMs - 4_000, 0) }),
});

const survey: Survey = {
  redis: {
    type: 'seen',
    look: {
      server: { nowMs, usedBytes: 0, maxBytes: 0 },
      members: [{ id: 'one', held: 2, silentMs: 5 }],
      partitions: 2,
    },
  },
  mysql: { type: 'seen', look: { partitions: 2, server: 'db:3306 (server_id 1)', isReadOnly: false } },
  partitions: [
    { partition: 0, stream: stream(0) },
    { partition: 1, stream: stream(3) },
  ],
};

/** The lines before the first that is empty. */
const sumOf = (seen: Survey, warnings: readonly string[] = []): readonly string[] =>
  surveyText({ survey: seen, warnings: warnings.map((what) => ({ what })), nowMs })
    .split('\n\n')[0]
    ?.trimEnd()
    .split('\n') ?? [];

test('is first whether anybody has to do anything and what, and how much there is; then the lines', () => {
  const counts = '2 partitions, 1 projector, 3 undecided, the oldest for 4 s, 0 parked';
  assert.equal(sumOf(survey), ['nothing needs attention', counts]);
  assert.equal(sumOf(survey, ['one']), ['! 1 thing needs attention', counts, '! one']);
  assert.equal(sumOf(survey, ['one', 'two']), ['! 2 things need attention', counts, '! one', '! two']);
});

test('says of a server that is away what cannot be counted, and of a long backlog that there is more', () => {
  assert.equal(sumOf({ ...survey, mysql: away }, ['one']), [
    '! MySQL cannot be reached, and 1 thing needs attention',
    '2 partitions, 1 projector, 3 undecided, the oldest for 4 s, ? parked',
    '! one',
  ]);
  assert.equal(sumOf({ redis: away, mysql: away, partitions: [] }), [
    '! Redis and MySQL cannot be reached',
    '0 partitions, ? projectors, ? undecided, ? parked',
  ]);
  const long = { ...survey, partitions: [{ partition: 0, stream: stream(10_000, 10_000) }] };
  assert.match(sumOf(long)[1] ?? '', '1 partition, 1 projector, 10000 or more undecided');
});
