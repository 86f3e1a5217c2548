import { assert, suite } from '../support/suite.ts';
import { drawSvg } from './draw-svg.ts';
import { barsOf, drawText, inColumns } from './draw-text.ts';
import { actAt, factorFor, shareAt, story } from './load-curve.ts';
import { readArguments } from './read-arguments.ts';
import type { Timeline } from './timeline.ts';

const test = suite('the on-sale that is played, and its pictures');

test('calm, a spike that rises and falls, and calm again', () => {
  assert.equal([0, 119, 120, 135, 150, 270, 285, 300, 1_440].map(shareAt), [0, 0, 0, 0.5, 1, 1, 0.5, 0, 0]);
  assert.equal([0, 120, 299, 300].map(actAt), ['calm', 'spike', 'spike', 'calm again']);
});

test('time is pressed by what the minutes on the wall leave', () => {
  assert.is(factorFor(2), 12);
  assert.is(factorFor(story.seconds / 60), 1);
});

test('what is asked for wrongly is refused by name', () => {
  assert.equal(readArguments([]), { minutes: 2, rate: 24_000, most: 4, write: false });
  assert.throws(() => readArguments(['--minutes', '0']), /--minutes/);
  assert.throws(() => readArguments(['--most', '1.5']), /--most/);
  assert.throws(() => readArguments(['--rate', 'much']), /--rate/);
});

test('the highest value fills all rows, and the smallest is still seen', () =>
  assert.equal(barsOf([0, 1, 50, 100, undefined], 2), ['   █ ', ' ▁██ ']));

test('a column shows the most of what falls into it', () => {
  const seen = [
    { atSeconds: 0, value: 3 },
    { atSeconds: 1, value: 7 },
    { atSeconds: story.seconds, value: 5 },
  ];
  assert.equal(inColumns(seen, 3), [7, undefined, 5]);
});

const moment = (atSeconds: number, lag: number, running: number) =>
  ({ atSeconds, act: actAt(atSeconds), lag, wanted: running + 1, told: running, running }) as const;

const timeline: Timeline = {
  moments: [moment(0, 0, 1), moment(720, 40_000, 3), moment(1_440, 0, 1)],
  handOvers: [{ atSeconds: 720, partition: 3, gapMs: 250 }],
};

test('the drawing on the terminal names the most of everything', () => {
  const text = drawText(timeline);
  for (const line of [
    'lag, at most 40000 entries',
    'wanted, at most 4 projectors',
    'running, at most 3 projectors',
    'hand-over gaps, at most 250 ms',
  ])
    assert.ok(text.includes(line), line);
});

test('the picture has each moment where it was: the middle of the story in the middle, the highest lag at the top', () => {
  const svg = drawSvg(timeline, 'A title');
  // From 60 to 740 across; the first panel from 30 down to 150.
  assert.ok(svg.includes('d="M60.0 150.0H400.0V30.0H740.0V150.0"'), svg);
  // The third one begins two panels further down.
  assert.ok(svg.includes('d="M400.0 478V358.0"'), svg);
});

test('a play in which nothing changed hands can be drawn', () => {
  const calm = { ...timeline, handOvers: [] };
  assert.ok(drawText(calm).includes('hand-over gaps, at most 0 ms'));
  assert.ok(drawSvg(calm, 'A title').endsWith('</svg>\n'));
});
