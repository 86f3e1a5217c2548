type Cell = string | number | undefined;

/** Columns as wide as their widest cell, numbers to the right. An absent cell is a dash. */
export const tableOf = (heads: readonly string[], rows: readonly (readonly Cell[])[]): string => {
  const texts = rows.map((row) => row.map(textOf));
  const columns = heads.map((head, at) => ({
    width: Math.max(head.length, ...texts.map((row) => row[at]?.length ?? 0)),
    toTheRight: rows.every((row) => typeof row[at] !== 'string') && rows.some((row) => row[at] !== undefined),
  }));
  const lineOf = (cells: readonly string[]): string =>
    columns
      .map(({ width, toTheRight }, at) =>
        toTheRight ? (cells[at] ?? '').padStart(width) : (cells[at] ?? '').padEnd(width),
      )
      .join('  ')
      .trimEnd();
  return [lineOf(heads), ...texts.map(lineOf)].map((line) => `${line}\n`).join('');
};

/** One line for each field: its name, then its value. */
export const fieldsOf = (fields: Readonly<Record<string, Cell>>): string => {
  const width = Math.max(...Object.keys(fields).map((name) => name.length));
  return Object.entries(fields)
    .map(([name, value]) => `${name.padEnd(width)}  ${textOf(value)}\n`)
    .join('');
};

const textOf = (cell: Cell): string => (cell === undefined ? '-' : printable(String(cell)));

/** Control characters in text from outside must not reach the terminal. */
export const printable = (text: string): string =>
  text.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `\\u{${code.toString(16)}}`;
  });

const widthMax = 100;

/** Wraps at blanks to the width of a terminal; a longer word gets a line of its own. */
export const wrapped = (text: string, { indent }: { readonly indent: number }): string => {
  const lines: string[] = [];
  let line = '';
  for (const word of printable(text).split(/(?<=\S)(?= )|(?<=\S{80})/)) {
    if (line.length + word.length > widthMax && line.trim() !== '') {
      lines.push(line);
      line = ' '.repeat(indent) + word.trimStart();
    } else line += word;
  }
  return [...lines, line].join('\n');
};

const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
] as const;

/** A duration with about two digits: more is of no use to people. */
export const durationText = (ms: number): string => {
  const [unit, size] = units.find(([, each]) => ms >= 2 * each) ?? ['ms', 1];
  return `${Math.max(0, Math.floor(ms / size))} ${unit}`;
};

export const timeText = (ms: number): string => new Date(ms).toISOString();

export const megabytes = (bytes: number): string => `${(bytes / 1_048_576).toFixed(1)} MB`;
