/** In the order they are run. */
export const partNames = [
  'throughput',
  'promises',
  'variants',
  'telemetry',
  'latency',
  'at-once',
  'refusals',
  'reads',
  'drain',
  'holds',
  'growth',
  'soak',
] as const;

export type PartName = (typeof partNames)[number];

/** Those that two builds of ours can play beside each other: `--against`. */
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

/** What `--against` runs when none is named: what a change is judged by. */
export const judgedParts: readonly PairedPart[] = ['throughput', 'drain', 'holds'];

/** What `--quick` runs, within two minutes. */
export const quickParts: readonly PartName[] = ['throughput', 'promises', 'latency', 'at-once'];
