import { group, keysOf } from '../../src/log/keys.ts';

/** Waiting entries for each projector: about as many as one decides in a second. */
const entriesPerProjector = 5_000;

/** Around a sale: the component keda-cron, whose times an overlay replaces. */
const saleTrigger = {
  type: 'cron',
  name: 'sale',
  metadata: { timezone: 'Etc/UTC', start: '30 7 1 12 *', end: '0 12 1 12 *', desiredReplicas: '8' },
} as const;

export interface ScaledObjectPlan {
  readonly partitions: number;
  readonly redis: 'one-server' | 'cluster';
}

const triggerTypes = { 'one-server': 'redis-streams', cluster: 'redis-cluster-streams' } as const;

const nameOf = (partition: number): string => `p${partition}`;

/**
 * The lag of all partitions. −1 is a lag that Redis does not know; it counts as one projector's share, because
 * taking it for nothing would scale down in front of a backlog.
 */
const formulaOf = (partitions: readonly number[]): string =>
  partitions
    .map(nameOf)
    .map((lag) => `(${lag} < 0 ? ${entriesPerProjector} : ${lag})`)
    .join(' + ');

const partitionsOf = (partitions: number): readonly number[] => [...Array(partitions).keys()];

/**
 * What the component keda-cron changes of a ScaledObject: the larger of what lags and what the sale was given, as shares. Without
 * a formula that asks for it, a trigger counts nothing. Outside of its times it says one, and one is the least anyway.
 */
export const salePatch = (partitions: number) => {
  const lag = formulaOf(partitionsOf(partitions));
  const sale = `${saleTrigger.name} * ${entriesPerProjector}`;
  return [
    {
      op: 'replace',
      path: '/spec/advanced/scalingModifiers/formula',
      value: `(${lag}) > ${sale} ? (${lag}) : ${sale}`,
    },
    { op: 'add', path: '/spec/triggers/0', value: saleTrigger },
  ] as const;
};

const triggerOf = (partition: number, type: string) => ({
  type,
  name: nameOf(partition),
  metadata: {
    stream: keysOf(partition).requests,
    consumerGroup: group,
    // What counts is the formula; a trigger is not accepted without a target of its own.
    lagCount: String(entriesPerProjector),
    activationLagCount: '0',
  },
  authenticationRef: { name: 'onsale-redis' },
});

/**
 * KEDA's ScaledObject for projectors: one trigger a partition, since each watches one stream, and their sum. There is no
 * fallback: while Redis cannot be asked, the autoscaler leaves as many as there are.
 */
export const scaledObject = ({ partitions, redis }: ScaledObjectPlan) => {
  const all = partitionsOf(partitions);
  return {
    apiVersion: 'keda.sh/v1alpha1',
    kind: 'ScaledObject',
    metadata: { name: 'onsale-projector' },
    spec: {
      scaleTargetRef: { name: 'onsale-projector' },
      pollingInterval: 10,
      // Never none: holds lapse and boards are refreshed when nothing arrives. Never more than there are partitions.
      minReplicaCount: 1,
      maxReplicaCount: partitions,
      advanced: {
        scalingModifiers: {
          formula: formulaOf(all),
          target: String(entriesPerProjector),
          metricType: 'AverageValue',
        },
        horizontalPodAutoscalerConfig: {
          behavior: {
            scaleUp: {
              stabilizationWindowSeconds: 0,
              policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }],
            },
            // Each that leaves hands its partitions over: one at a time, and not between two waves of one sale.
            scaleDown: {
              stabilizationWindowSeconds: 600,
              policies: [{ type: 'Pods', value: 1, periodSeconds: 120 }],
            },
          },
        },
      },
      triggers: all.map((partition) => triggerOf(partition, triggerTypes[redis])),
    },
  };
};
