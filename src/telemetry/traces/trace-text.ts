import { msText, type Row, type Waterfall } from './waterfall.ts';

const barWidth = 40;
const nameWidth = 42;

/** A trace for a terminal: one line per span, with a bar that shows when it ran. */
export const traceText = ({ traceId, startedMs, totalMs, rows }: Waterfall): string =>
  [
    `trace ${traceId}  ${new Date(startedMs).toISOString()}  ${msText(totalMs)} ms`,
    '',
    ...rows.flatMap(linesOf),
    '',
  ].join('\n');

const linesOf = ({ span, depth, startMs, durationMs, left, width }: Row): readonly string[] => {
  const name = `${'  '.repeat(depth)}${printable(span.name)}`.slice(0, nameWidth).padEnd(nameWidth);
  const from = Math.min(barWidth - 1, Math.floor(left * barWidth));
  const bar = '█'.repeat(Math.max(1, Math.min(barWidth - from, Math.round(width * barWidth))));
  const times = `${msText(startMs).padStart(7)} +${msText(durationMs).padStart(6)} ms`;
  return [
    `${name} ${times}  ${`${' '.repeat(from)}${bar}`.padEnd(barWidth)}  ${span.process}`,
    ...notesOf(span).map((note) => `${'  '.repeat(depth)}    ${note}`),
  ];
};

const shownAttributes = ['onsale.decision', 'onsale.reason', 'messaging.message.id', 'onsale.position'];

const notesOf = ({ attributes, error }: Row['span']): readonly string[] => {
  const facts = shownAttributes.flatMap((name) =>
    attributes[name] === undefined
      ? []
      : [`${name.split('.').at(-1)}=${printable(String(attributes[name]))}`],
  );
  return [...(facts.length > 0 ? [facts.join(' ')] : []), ...(error ? [`error: ${printable(error)}`] : [])];
};

/** Names and errors may contain text that a client sent. */
const printable = (text: string): string => text.replace(/[^\x20-\x7e\u00a0-\uffff]/g, '?');
