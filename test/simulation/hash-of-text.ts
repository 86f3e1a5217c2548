const known = new Map<string, number>();
const knownMax = 10_000;

/** 32-bit hash of a text (FNV-1a). Cached, because a run uses the same few texts over and over. */
export const hashOfText = (text: string): number => {
  const before = known.get(text);
  if (before !== undefined) return before;
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  if (known.size < knownMax) known.set(text, hash >>> 0);
  return hash >>> 0;
};
