/** What `echo` or the last line of a file leaves behind a value, and what is in between where lines were put together. */
const lineBreak = /[\r\n\u0085\u2028\u2029]/;

/**
 * What is wrong with the ends of a value, whatever it is the value of; undefined when nothing is. Two processes that read
 * the same secret, one with the line break and one without, do not believe each other, and nothing else shows it.
 */
export const strayBlanks = (text: string): string | undefined => {
  if (lineBreak.test(text))
    return 'holds a line break, as echo adds one: make the value with printf %s or echo -n, also in front of base64';
  if (text !== text.trim()) return 'begins or ends with a blank: take it out';
  return encodedBreak.test(userInfoOf(text))
    ? 'holds a line break (%0A) in a user or password: percent-encode them without it'
    : undefined;
};

const encodedBreak = /%0[ad]/i;

/** What stands between `//` and the last `@` of an address. */
const userInfoOf = (text: string): string => {
  const begin = text.indexOf('://');
  return begin < 0 ? '' : text.slice(begin, Math.max(begin, text.lastIndexOf('@')));
};
