import type { Worked } from './observe-projector.ts';

export interface Pulse {
  beat(): void;
  /** One line for each loop that has not given a sign of life for too long; none when all is well. */
  stuck(): Readonly<Record<string, string>>;
}

/**
 * Whether the loops of a projector go on: the one that competes for leases, and one for each partition. Going on is
 * asking anybody anything, whatever the answer: a database that is away must not get the process restarted.
 */
export const newPulse = (
  worked: ReadonlyMap<number, Worked>,
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
        ...[...worked].map(([partition, hand]) => [`partition ${partition}`, hand.beatAtMs] as const),
      ];
      const silent = loops.filter(([, atMs]) => now - atMs > limitMs);
      return Object.fromEntries(
        silent.map(([loop, atMs]) => [loop, `no sign of life for ${Math.round((now - atMs) / 1_000)} s`]),
      );
    },
  };
};
