/**
 * '*' for any representation, or the tags that are named: each with its quotes, and without the `W/` of a
 * weak tag.
 */
export type EntityTags = '*' | readonly string[];

/**
 * Matches one tag or nothing, up to the comma. A match begins where the one before ended, and no part of the
 * pattern can begin with a character that the part before it takes. So there is no backtracking, and the time
 * is linear in the length of the text.
 */
const part = /[ \t]*(?:(?:W\/)?("[!#-~\x80-\xff]*")[ \t]*)?(?:,|$)/y;

/**
 * Parses If-Match or If-None-Match (RFC 9110 §13.1, §8.8.3); undefined where it is neither `*` nor a list.
 * Weak tags count like strong ones, because a proxy that compresses an answer makes its tag weak (ADR 22).
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
