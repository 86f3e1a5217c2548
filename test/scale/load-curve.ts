/**
 * An on-sale as in the real world, in seconds: calm, the spike, and calm until the autoscaler has scaled
 * down.
 */
export const story = { seconds: 1_440, spikeFrom: 120, spikeTo: 300, ramp: 30 } as const;

export type Act = 'calm' | 'spike' | 'calm again';

export const actAt = (atSeconds: number): Act => {
  if (atSeconds < story.spikeFrom) return 'calm';
  return atSeconds < story.spikeTo ? 'spike' : 'calm again';
};

/**
 * The share of the peak load at this moment of the story: 0 outside the spike, rising and falling at its
 * edges.
 */
export const shareAt = (atSeconds: number): number => {
  const { spikeFrom, spikeTo, ramp } = story;
  const rising = (atSeconds - spikeFrom) / ramp;
  const falling = (spikeTo - atSeconds) / ramp;
  return Math.max(0, Math.min(1, rising, falling));
};

/** How many times faster than real time the story runs. */
export const factorFor = (minutes: number): number => story.seconds / (minutes * 60);
