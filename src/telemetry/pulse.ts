import type { PartitionActivity } from './observe-projector.ts';

export interface Pulse {
  beat(): void;
  /** A line for each loop that has been silent for too long; empty when all is well. */
  stuck(): Readonly<Record<string, string>>;
}

/**
 * Whether the loops of a projector are alive: the one that competes for leases, and one for each partition. A loop is alive
 * while it sends requests, whatever the answers: an unavailable database must not get the process restarted.
 */
export const newPulse = (
  worked: ReadonlyMap<number, PartitionActivity>,
  { limitMs, monotonicMs }: { readonly limitMs: number; readonly monotonicMs: () => number },
): Pulse => {
  let beatAtMs = monotonicMs();
  return {
    beat: () => {
      beatAtMs = monotonicMs();
    },
    stuck: () => {
      const now = monotonicMs();
      const loops = [
        ['leases', beatAtMs] as const,
        ...[...worked].map(([partition, activity]) => [`partition ${partition}`, activity.beatAtMs] as const),
      ];
      const silent = loops.filter(([, atMs]) => now - atMs > limitMs);
      return Object.fromEntries(
        silent.map(([loop, atMs]) => [loop, `no sign of life for ${Math.round((now - atMs) / 1_000)} s`]),
      );
    },
  };
};
