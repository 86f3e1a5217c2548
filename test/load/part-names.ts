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
  'growth',
  'soak',
] as const;

export type PartName = (typeof partNames)[number];

/** What `--quick` runs, within two minutes. */
export const quickParts: readonly PartName[] = ['throughput', 'promises', 'latency', 'at-once'];
