/** The package has no types of its own. */
declare module 'cluster-key-slot' {
  /** The hash slot of a key: CRC16 (XMODEM) of its hash tag, or of all of it. */
  const slotOf: (key: string) => number;
  export = slotOf;
}
