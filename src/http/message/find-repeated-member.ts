const [quote, backslash, comma, colon, openList, closeList, openObject, closeObject] =
  Buffer.from('"\\,:[]{}');

/**
 * The JSON pointer of the first member that occurs twice in its object, even if it is escaped differently;
 * undefined where all differ. JSON.parse keeps the last one, and a filter between the client and us may have
 * read the first. `json` is the text in UTF-8, and `value` is the result of parsing it. The search runs only if
 * `json` may contain more members than `value` has, so normally it costs next to nothing. It also runs if anything is
 * escaped: JSON.parse of Node 24 sometimes gives the first of two escaped names another name.
 */
export const findRepeatedMember = (json: Buffer, value: unknown): string | undefined =>
  !json.includes('\\') && countNames(json) === countMembers(value)
    ? undefined
    : firstRepeated(json.toString());

/**
 * Counts colons after a quote, because each name is followed by one. A colon inside a text may count too, so
 * the result may be too high, but never too low. It reads bytes, because on Node 24 searching the text for its
 * colons takes twenty times as long.
 */
const countNames = (json: Buffer): number => {
  let count = 0;
  let before: number | undefined;
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at] ?? 0;
    if (byte === colon && before === quote) count += 1;
    if (byte > blank) before = byte;
  }
  return count;
};

const blank = 0x20;

/**
 * Uses its own stack, because the client chooses the depth of nesting. Runs once for every request with a
 * body: walking lists by `for in` as well would take three times as long.
 */
const countMembers = (value: unknown): number => {
  let count = 0;
  const todo = isNested(value) ? [value] : [];
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const values: readonly unknown[] = Array.isArray(next) ? next : Object.values(next);
    if (values !== next) count += values.length;
    for (let at = 0; at < values.length; at += 1) {
      const each = values[at];
      if (isNested(each)) todo.push(each);
    }
  }
  return count;
};

const isNested = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** An object with the names read so far, or a list. */
interface Level {
  readonly names: Set<string> | undefined;
  /** The name or the index of the value that is being read. */
  step: string | number;
}

const firstRepeated = (text: string): string | undefined => {
  const levels: Level[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const level = levels.at(-1);
    switch (text.charCodeAt(at)) {
      case openObject:
        levels.push({ names: new Set(), step: '' });
        break;
      case openList:
        levels.push({ names: undefined, step: 0 });
        break;
      case closeObject:
      case closeList:
        levels.pop();
        break;
      case comma:
        if (typeof level?.step === 'number') level.step += 1;
        break;
      case quote: {
        const end = endOfText(text, at);
        if (level?.names && isName(text, end)) {
          level.step = parseText(text.slice(at, end));
          if (level.names.has(level.step)) return pointerTo(levels);
          level.names.add(level.step);
        }
        at = end - 1;
      }
    }
  }
  return undefined;
};

/** The position after the closing quote of the text that begins at `from`. */
const endOfText = (text: string, from: number): number => {
  let at = from + 1;
  while (text.charCodeAt(at) !== quote) at += text.charCodeAt(at) === backslash ? 2 : 1;
  return at + 1;
};

const isName = (text: string, end: number): boolean => {
  let at = end;
  while (text.charCodeAt(at) <= blank) at += 1;
  return text.charCodeAt(at) === colon;
};

const parseText = (json: string): string => JSON.parse(json) as string;

const pointerTo = (levels: readonly Level[]): string =>
  ['#', ...levels.map(({ step }) => String(step).replaceAll('~', '~0').replaceAll('/', '~1'))].join('/');
