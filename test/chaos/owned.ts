/** Resources that must be released, the last one first. */
export interface Ownership {
  /** Waits for the resource and registers it. */
  readonly own: <Thing>(
    starting: Thing | Promise<Thing>,
    end: (thing: Thing) => void | Promise<void>,
  ) => Promise<Thing>;
  /** Releases everything, even if releasing one of them fails. */
  readonly end: () => Promise<void>;
}

export const newOwned = (): Ownership => {
  const ends: (() => void | Promise<void>)[] = [];
  return {
    own: async (starting, end) => {
      const thing = await starting;
      ends.push(() => end(thing));
      return thing;
    },
    end: async () => {
      const failures: unknown[] = [];
      for (let end = ends.pop(); end !== undefined; end = ends.pop()) {
        await Promise.resolve(end()).catch((error: unknown) => failures.push(error));
      }
      if (failures.length > 0) throw new AggregateError(failures, 'not everything could be ended');
    },
  };
};
