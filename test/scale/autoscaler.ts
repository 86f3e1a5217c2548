import type { Behaviour, ScalingRules } from './scaling-rules.ts';

export interface Advice {
  readonly lag: number;
  /** What the lag alone asks for. */
  readonly wanted: number;
  /** What there are to be now: up and down at the pace that the rules allow. */
  readonly replicas: number;
}

export interface Autoscaler {
  /** To be asked at rising times. */
  readonly next: (atSeconds: number, lags: Readonly<Record<string, number>>) => Advice;
}

interface ReplicaCount {
  readonly atSeconds: number;
  readonly replicas: number;
}

/** The interval of the Kubernetes autoscaler: `--horizontal-pod-autoscaler-sync-period`, which is no pod's to set. */
export const syncSeconds = 15;

// Its own default as well: so near to the target it leaves as many as there are.
const tolerance = 0.1;

/** Decides as the HorizontalPodAutoscaler does that KEDA makes of a ScaledObject. */
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

/** More than there are only if all of the window says so, and fewer likewise: the least and the most it advised. */
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

/** No further from where the period began than the policy allows. */
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
