export interface WaitPreference {
  readonly waitMs: number;
  /** What Preference-Applied answers. */
  readonly applied: string;
}

const waitSecondsMax = 30;

// One preference of RFC 7240: a token, maybe a value, maybe parameters, which nobody here understands.
const preference =
  /\s*([\w!#$%&'*+.^`|~-]+)\s*(?:=\s*("(?:[^"\\]|\\.)*"|[^\s,;"]*)\s*)?((?:;[^,"]*(?:"(?:[^"\\]|\\.)*"[^,"]*)*)?)(?:,|$)/y;

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

const firstValueOf = (name: string, text: string): string | undefined => {
  preference.lastIndex = 0;
  while (preference.lastIndex < text.length) {
    const found = preference.exec(text);
    if (!found) return undefined;
    if (found[1]?.toLowerCase() === name) return unquoted(found[2] ?? '');
  }
  return undefined;
};

const unquoted = (value: string): string =>
  value.startsWith('"') ? value.slice(1, -1).replace(/\\(.)/g, '$1') : value;
