type StreamEntry = readonly [id: string, fields: readonly string[]];

/** The entries in a reply to XREADGROUP on one stream; none if it timed out. */
export const parseEntries = (reply: unknown): readonly StreamEntry[] => {
  const streams = (reply ?? []) as readonly (readonly [string, readonly StreamEntry[]])[];
  return streams.flatMap(([, entries]) => entries);
};
