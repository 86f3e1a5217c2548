/** In the order in which they run. */
export const partNames = [
  'throughput',
  'promises',
  'variants',
  'batch',
  'telemetry',
  'latency',
  'at-once',
  'cold',
  'waiters',
  'feed',
  'refusals',
  'reads',
  'drain',
  'holds',
  'growth',
  'soak',
] as const;

export type PartName = (typeof partNames)[number];

/** Parts in which two builds of ours can be compared: `--against`. */
export const pairedParts = [
  'throughput',
  'variants',
  'latency',
  'at-once',
  'refusals',
  'reads',
  'drain',
  'holds',
  'growth',
] as const satisfies readonly PartName[];

export type PairedPart = (typeof pairedParts)[number];

/** Parts that `--against` runs by default: these decide about a change. */
export const judgedParts: readonly PairedPart[] = ['throughput', 'drain', 'holds'];

/** Parts that `--quick` runs, within two minutes. */
export const quickParts: readonly PartName[] = ['throughput', 'promises', 'latency', 'at-once'];
