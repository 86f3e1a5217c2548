export interface WaitPreference {
  readonly waitMs: number;
  /** What Preference-Applied answers. */
  readonly applied: string;
}

const waitSecondsMax = 30;

/**
 * `Prefer: wait=N` (RFC 7240): N above 30 is clamped, the first wait counts, and a malformed one is as if it was
 * not there: a preference is never a reason to refuse.
 */
export const parsePrefer = (header: string | readonly string[] | undefined): WaitPreference | undefined => {
  if (header === undefined) return undefined;
  const text = typeof header === 'string' ? header : header.join(',');
  const value = firstValueOf('wait', text);
  if (value === undefined || !/^\d{1,9}$/.test(value)) return undefined;
  const seconds = Math.min(Number(value), waitSecondsMax);
  return { waitMs: seconds * 1000, applied: `wait=${seconds}` };
};

/** Behind the semicolons are parameters, which nobody here understands. */
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
 * The parts between separators that stand in no quoted string; one whose quotes are left open is not among them. Each
 * character is looked at once: a pattern for all of this takes seconds over 16 kB of blanks, and the process with it.
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
