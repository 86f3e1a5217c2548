import { story } from './load-curve.ts';
import type { Timeline } from './timeline.ts';

const width = 784;
const left = 60;
const right = 44;
const panel = { height: 120, gap: 44 } as const;
const colours = { lag: '#b7791f', wanted: '#4a6fa5', running: '#2f855a', gaps: '#a0455a' } as const;

interface Point {
  readonly atSeconds: number;
  readonly value: number;
}

interface PanelScale {
  readonly top: number;
  readonly highest: number;
}

const x = (atSeconds: number): string =>
  (left + (atSeconds / story.seconds) * (width - left - right)).toFixed(1);

const y = (value: number, { top, highest }: PanelScale): string =>
  (top + panel.height * (1 - value / highest)).toFixed(1);

/** Three panels over the minutes of the story, in colours that work on light and dark pages. */
export const drawSvg = ({ moments, handOvers }: Timeline, title: string): string => {
  const of = (pick: 'lag' | 'wanted' | 'running'): readonly Point[] =>
    moments.map((moment) => ({ atSeconds: moment.atSeconds, value: moment[pick] }));
  const gaps = handOvers.map(({ atSeconds, gapMs }) => ({ atSeconds, value: gapMs }));
  const [lag, wanted, running] = [of('lag'), of('wanted'), of('running')];
  const placed = [lag, [...wanted, ...running], gaps].map((points, n) => placing(n, points));
  const [first, second, third] = placed;
  if (!first || !second || !third) throw new Error('there are three panels');
  const height = third.top + panel.height + 40;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" font-family="system-ui, sans-serif" font-size="13" fill="#777">`,
    `<title>${title}</title>`,
    ...frame(first, 'entries that wait'),
    stairs(lag, first, colours.lag),
    ...frame(second, 'projectors: wanted by the lag (blue), running (green)'),
    stairs(wanted, second, colours.wanted),
    stairs(running, second, colours.running),
    ...frame(third, 'time between two commits where a partition changed hands, ms'),
    ...gaps.map((point) => needle(point, third)),
    ...minutes(third),
    '</svg>',
    '',
  ].join('\n');
};

const placing = (n: number, points: readonly Point[]): PanelScale => ({
  top: 30 + n * (panel.height + panel.gap),
  highest: points.reduce((most, { value }) => Math.max(most, value), 1),
});

const frame = (placed: PanelScale, name: string): readonly string[] => [
  `<text x="${left}" y="${placed.top - 8}" font-weight="600">${name}</text>`,
  `<path d="M${left} ${placed.top}V${placed.top + panel.height}H${width - right}" stroke="#777" fill="none"/>`,
  `<text x="${left - 6}" y="${placed.top + 10}" text-anchor="end">${Math.round(placed.highest)}</text>`,
  `<text x="${left - 6}" y="${placed.top + panel.height}" text-anchor="end">0</text>`,
];

const stairs = (points: readonly Point[], placed: PanelScale, colour: string): string => {
  const [first, ...rest] = points;
  if (!first) return '';
  const path = rest.map(({ atSeconds, value }) => `H${x(atSeconds)}V${y(value, placed)}`).join('');
  return `<path d="M${x(first.atSeconds)} ${y(first.value, placed)}${path}" stroke="${colour}" stroke-width="2" fill="none"/>`;
};

const needle = ({ atSeconds, value }: Point, placed: PanelScale): string =>
  `<path d="M${x(atSeconds)} ${placed.top + panel.height}V${y(value, placed)}" stroke="${colours.gaps}" stroke-width="2"/>`;

const minutes = ({ top }: PanelScale): readonly string[] => {
  const every = 240;
  return Array.from(
    { length: story.seconds / every + 1 },
    (_, n) =>
      `<text x="${x(n * every)}" y="${top + panel.height + 20}" text-anchor="middle">${(n * every) / 60} min</text>`,
  );
};
