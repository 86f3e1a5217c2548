import { openReplica, type Replica, type ReplicaOptions } from '../../store/open-replica.ts';
import type { Store } from '../../store/open-store.ts';
import { metricList } from '../../telemetry/metrics/metric-list.ts';
import { countersBy } from '../../telemetry/metrics/registry.ts';
import { degraded, ok, type PartOptions } from './part.ts';

interface ReplicaNeeds extends Pick<ReplicaOptions, 'poolSize' | 'reads'> {
  readonly store: Store;
}

/** The replica of DATABASE_READ_URL for a process that answers queries; undefined when it is not set. */
export const openReadReplica = (
  { config, logger, telemetry: { registry }, pair }: PartOptions,
  { store, poolSize, reads }: ReplicaNeeds,
): Replica | undefined => {
  if (config.databaseReadUrl === '') return undefined;
  const answers = countersBy(registry, metricList.replicaReads);
  const replica = openReplica({
    url: config.databaseReadUrl,
    poolSize,
    lagMsMax: config.readLagMsMax,
    logger,
    primary: store,
    reads,
    isHalted: pair.isRefused,
    onRead: (answeredBy) => {
      answers(answeredBy).value += 1;
    },
  });
  registry.gauge(metricList.replicaUsed, () => [{ value: replica.standing().isUsed ? 1 : 0 }]);
  registry.gauge(metricList.replicaAge, () => {
    const { ageMs } = replica.standing();
    return ageMs === undefined ? [] : [{ value: ageMs / 1_000 }];
  });
  return replica;
};

/** One line for readiness. A process without its replica still answers, so it stays ready. */
export const replicaState = (replica: Replica): string => {
  const { isUsed, why = '' } = replica.standing();
  return isUsed ? ok : degraded(`the primary answers what a replica could: ${why}`);
};
