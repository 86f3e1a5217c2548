/** Any representation, or those with one of these tags: each in its quotes, and without the mark of a weak one. */
export type EntityTags = '*' | readonly string[];

/**
 * A tag or nothing, up to its comma. Each begins where the one before ended, and none of its pieces can begin with what the
 * piece before it takes: so the time grows with the text and no faster.
 */
const part = /[ \t]*(?:(?:W\/)?("[!#-~\x80-\xff]*")[ \t]*)?(?:,|$)/y;

/**
 * What If-Match or If-None-Match says (RFC 9110 §13.1, §8.8.3); undefined where it is neither `*` nor a list. A tag counts
 * by its value: a proxy that compresses an answer makes its tag a weak one (ADR 22).
 */
export const parseEntityTags = (text: string): EntityTags | undefined => {
  if (text.trim() === '*') return '*';
  const tags: string[] = [];
  let at = 0;
  while (at < text.length) {
    part.lastIndex = at;
    const found = part.exec(text);
    if (!found) return undefined;
    if (found[1] !== undefined) tags.push(found[1]);
    at = part.lastIndex;
  }
  return tags;
};
