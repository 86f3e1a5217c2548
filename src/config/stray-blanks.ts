/**
 * Line breaks that `echo` or the last line of a file adds to the end of a value, or that stay inside it where
 * lines were joined.
 */
const lineBreak = /[\r\n\u0085\u2028\u2029]/;

/**
 * The fault at the ends of a value, for any setting; undefined when there is none. Two processes that read
 * the same secret, one with a line break and one without, reject each other's ids and tokens, and nothing
 * else would show why.
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

/** The part of an address between `//` and its last `@`. */
const userInfoOf = (text: string): string => {
  const begin = text.indexOf('://');
  return begin < 0 ? '' : text.slice(begin, Math.max(begin, text.lastIndexOf('@')));
};
