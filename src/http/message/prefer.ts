export interface WaitPreference {
  readonly waitMs: number;
  /** The value of Preference-Applied in the answer. */
  readonly applied: string;
}

const waitSecondsMax = 30;

/**
 * `Prefer: wait=N` (RFC 7240). A value above 30 is clamped, and the first wait counts. A malformed preference
 * is ignored, because a preference is never a reason to refuse.
 */
export const parsePrefer = (header: string | readonly string[] | undefined): WaitPreference | undefined => {
  if (header === undefined) return undefined;
  const text = typeof header === 'string' ? header : header.join(',');
  const value = firstValueOf('wait', text);
  if (value === undefined || !/^\d{1,9}$/.test(value)) return undefined;
  const seconds = Math.min(Number(value), waitSecondsMax);
  return { waitMs: seconds * 1000, applied: `wait=${seconds}` };
};

/** Parameters follow the semicolons; none of them are supported. */
const firstValueOf = (name: string, text: string): string | undefined => {
  for (const preference of between(',', text)) {
    const [pair = ''] = between(';', preference);
    const equals = pair.indexOf('=');
    const found = (equals < 0 ? pair : pair.slice(0, equals)).trim();
    if (found.toLowerCase() === name) return equals < 0 ? '' : unquoted(pair.slice(equals + 1).trim());
  }
  return undefined;
};

/**
 * The parts between separators outside of quoted strings; a part with an unclosed quote is left out. Each
 * character is read once: a regular expression for all of this would take seconds over 16 kB of blanks, and
 * block the process.
 */
const between = (separator: ',' | ';', text: string): readonly string[] => {
  if (!text.includes('"')) return text.includes(separator) ? text.split(separator) : [text];
  const parts: string[] = [];
  let begin = 0;
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (isQuoted && character === '\\') at += 1;
    else if (character === '"') isQuoted = !isQuoted;
    else if (character === separator && !isQuoted) {
      parts.push(text.slice(begin, at));
      begin = at + 1;
    }
  }
  if (!isQuoted) parts.push(text.slice(begin));
  return parts;
};

const unquoted = (value: string): string =>
  value.startsWith('"') ? value.slice(1, -1).replace(/\\(.)/g, '$1') : value;
