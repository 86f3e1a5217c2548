import { keptText, type PromiseCheck } from './kept.ts';
import type { RatedMeasurement } from './measured.ts';
import { numberText } from './render-table.ts';

const width = 860;
const labelWidth = 270;
const barWidth = 300;
const rowHeight = 34;
const headHeight = 44;
const barHeight = 18;

/**
 * Bars of one figure, one per side, with the range over the rounds; the colours work on light and dark pages.
 */
export const drawChart = (
  lines: readonly RatedMeasurement[],
  kept: ReadonlyMap<string, PromiseCheck>,
): string => {
  const [first] = lines;
  if (!first) throw new Error('nothing to draw');
  const scale = barWidth / Math.max(...lines.map(({ max }) => max));
  const height = headHeight + lines.length * rowHeight + 8;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" font-family="system-ui, sans-serif" font-size="13" fill="#777">`,
    `<title>${escaped(`${first.part}: ${first.figure}, ${first.unit}`)}</title>`,
    `<text x="8" y="22" font-size="15" font-weight="600">${escaped(`${first.figure}, ${first.unit}`)}</text>`,
    ...lines.flatMap((line, row) => bar(line, { row, scale, broken: brokenText(kept.get(line.sideId)) })),
    '</svg>',
    '',
  ].join('\n');
};

interface BarLayout {
  readonly row: number;
  readonly scale: number;
  /** The promises that the side broke; empty if it kept all or was not checked. */
  readonly broken: string;
}

const bar = (line: RatedMeasurement, { row, scale, broken }: BarLayout): readonly string[] => {
  const top = headHeight + row * rowHeight;
  const middle = top + barHeight / 2;
  const text = top + 14;
  const x = (value: number): string => (labelWidth + value * scale).toFixed(1);
  const colour = line.ours ? '#2f855a' : broken === '' ? '#4a6fa5' : '#b7791f';
  return [
    `<text x="8" y="${text}">${escaped(line.side)}</text>`,
    `<rect x="${labelWidth}" y="${top}" width="${(line.median * scale).toFixed(1)}" height="${barHeight}" rx="2" fill="${colour}"/>`,
    ...(line.min === line.max
      ? []
      : [
          `<path d="M${x(line.min)} ${middle}H${x(line.max)}M${x(line.min)} ${middle - 4}v8M${x(line.max)} ${middle - 4}v8" stroke="#777" fill="none"/>`,
        ]),
    `<text x="${labelWidth + barWidth + 10}" y="${text}">${escaped([numberText(line.median), broken].filter((part) => part !== '').join(', '))}</text>`,
  ];
};

const brokenText = (kept: PromiseCheck | undefined): string =>
  kept === undefined || keptText(kept) === 'yes' ? '' : keptText(kept);

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
