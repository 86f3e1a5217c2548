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
 * The lag of all partitions. −1 is a lag that Redis does not know. It counts as one projector's share,
 * because counting it as zero would scale down while there may be a backlog.
 */
const formulaOf = (partitions: readonly number[]): string =>
  partitions
    .map(nameOf)
    .map((lag) => `(${lag} < 0 ? ${entriesPerProjector} : ${lag})`)
    .join(' + ');

const partitionsOf = (partitions: number): readonly number[] => [...Array(partitions).keys()];

/**
 * The changes of the component keda-cron to a ScaledObject: the larger of the lag and the sale's number of
 * replicas, counted in shares. A trigger that the formula does not name has no effect. Outside of its times
 * the trigger has the value one, which is also the least number of replicas.
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
    // Only the formula decides, but KEDA accepts no trigger without a target of its own.
    lagCount: String(entriesPerProjector),
    activationLagCount: '0',
  },
  authenticationRef: { name: 'onsale-redis' },
});

/**
 * KEDA's ScaledObject for projectors: one trigger for each partition, since a trigger watches one stream, and
 * their sum. There is no fallback: while Redis does not answer, the autoscaler keeps the present number of
 * projectors.
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
      // At least one, because holds lapse and boards are refreshed even when no requests arrive. At most one
      // for each partition.
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
            // A projector that stops hands its partitions over. So they stop one at a time, and not between
            // two waves of one sale.
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
