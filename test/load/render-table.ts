import { tableOf } from '../../src/cli/print/print-table.ts';
import type { PromiseCheck } from './kept.ts';
import { keptText } from './kept.ts';
import type { RatedMeasurement } from './measured.ts';

const heads = ['part', 'side', 'figure', 'median', 'min–max', 'unit', 'beside ours', 'kept its word', 'note'];

/** The table at the end of a run. `kept` has the result of the promise check of each side. */
export const renderTable = (
  lines: readonly RatedMeasurement[],
  kept: ReadonlyMap<string, PromiseCheck>,
): string =>
  tableOf(
    heads,
    lines.map((line) => [
      line.part,
      line.side,
      line.figure,
      numberText(line.median),
      line.values.length > 1 ? `${numberText(line.min)}–${numberText(line.max)}` : '',
      line.unit,
      ratioText(line),
      keptText(kept.get(line.sideId)),
      line.note ?? '',
    ]),
  );

/** Three significant digits, and no decimals for thousands. */
export const numberText = (value: number): string => {
  if (!Number.isFinite(value)) return '-';
  if (Math.abs(value) >= 1_000) return Math.round(value).toLocaleString('en-US');
  return String(Number(value.toPrecision(3)));
};

const ratioText = ({ ratio, ours }: RatedMeasurement): string => {
  if (ratio === undefined) return '';
  return ours ? `${ratio.toFixed(2)} of ours` : `ours is ${ratio.toFixed(2)} ×`;
};
