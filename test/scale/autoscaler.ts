import type { Behaviour, ScalingRules } from './scaling-rules.ts';

export interface Advice {
  readonly lag: number;
  /** The number that the lag alone would give. */
  readonly wanted: number;
  /** The number to run now: it rises and falls at the pace that the rules allow. */
  readonly replicas: number;
}

export interface Autoscaler {
  /** Must be called at rising times. */
  readonly next: (atSeconds: number, lags: Readonly<Record<string, number>>) => Advice;
}

interface ReplicaCount {
  readonly atSeconds: number;
  readonly replicas: number;
}

/**
 * The interval of the Kubernetes autoscaler: `--horizontal-pod-autoscaler-sync-period`, a cluster-wide
 * setting.
 */
export const syncSeconds = 15;

// Its default too: within this distance of the target the number stays unchanged.
const tolerance = 0.1;

/** Decides like the HorizontalPodAutoscaler that KEDA creates for a ScaledObject. */
export const newAutoscaler = (rules: ScalingRules): Autoscaler => {
  const advised: ReplicaCount[] = [];
  const changes: ReplicaCount[] = [];
  let replicas = rules.min;
  return {
    next: (atSeconds, lags) => {
      const lag = rules.sum(lags);
      const wanted = between(rules, wantedFor(lag, replicas, rules));
      advised.push({ atSeconds, replicas: wanted });
      const settled = stabilised({ advised, replicas, wanted, atSeconds }, rules);
      const next = between(rules, withinPace({ settled, replicas, atSeconds, changes }, rules));
      if (next !== replicas) changes.push({ atSeconds, replicas: next - replicas });
      replicas = next;
      return { lag, wanted, replicas };
    },
  };
};

const between = ({ min, max }: ScalingRules, replicas: number): number =>
  Math.min(max, Math.max(min, replicas));

const wantedFor = (lag: number, replicas: number, { target }: ScalingRules): number =>
  Math.abs(lag / (target * replicas) - 1) <= tolerance ? replicas : Math.ceil(lag / target);

interface ScaleState {
  readonly advised: readonly ReplicaCount[];
  readonly replicas: number;
  readonly wanted: number;
  readonly atSeconds: number;
}

/**
 * The number rises only if all advice in the window asks for more, and falls only if all asks for less. It
 * then becomes the least, or the greatest, number advised.
 */
const stabilised = ({ advised, replicas, atSeconds }: ScaleState, { up, down }: ScalingRules): number => {
  const within = (seconds: number): readonly number[] =>
    advised.filter((advice) => advice.atSeconds >= atSeconds - seconds).map((advice) => advice.replicas);
  const least = Math.min(...within(up.windowSeconds));
  const most = Math.max(...within(down.windowSeconds));
  if (replicas < least) return least;
  return replicas > most ? most : replicas;
};

interface PaceState {
  readonly settled: number;
  readonly replicas: number;
  readonly atSeconds: number;
  readonly changes: readonly ReplicaCount[];
}

/** Limits the change since the beginning of the period to what the policy allows. */
const withinPace = (pacing: PaceState, { up, down }: ScalingRules): number => {
  const { settled, replicas } = pacing;
  if (settled > replicas) return Math.min(settled, Math.max(replicas, limitOf(up, 1, pacing)));
  if (settled < replicas) return Math.max(settled, Math.min(replicas, limitOf(down, -1, pacing)));
  return replicas;
};

const limitOf = (
  { policy, value, periodSeconds }: Behaviour,
  direction: 1 | -1,
  { replicas, atSeconds, changes }: PaceState,
): number => {
  const since = changes.filter((change) => change.atSeconds > atSeconds - periodSeconds);
  const atStart = replicas - since.reduce((sum, change) => sum + change.replicas, 0);
  if (policy === 'Pods') return atStart + direction * value;
  const share = atStart * (1 + (direction * value) / 100);
  return direction > 0 ? Math.ceil(share) : Math.floor(share);
};
