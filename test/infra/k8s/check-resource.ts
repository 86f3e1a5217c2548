import { ScaledObject } from '@kubernetes-models/keda/keda.sh/v1alpha1/ScaledObject';
import { TriggerAuthentication } from '@kubernetes-models/keda/keda.sh/v1alpha1/TriggerAuthentication';
import { Deployment } from 'kubernetes-models/apps/v1/Deployment';
import { StatefulSet } from 'kubernetes-models/apps/v1/StatefulSet';
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler';
import { Job } from 'kubernetes-models/batch/v1/Job';
import { Ingress } from 'kubernetes-models/networking.k8s.io/v1/Ingress';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import { ConfigMap } from 'kubernetes-models/v1/ConfigMap';
import { Namespace } from 'kubernetes-models/v1/Namespace';
import { Secret } from 'kubernetes-models/v1/Secret';
import { Service } from 'kubernetes-models/v1/Service';
import { ServiceAccount } from 'kubernetes-models/v1/ServiceAccount';
import { customResources } from './custom-resources.ts';
import type { Manifest } from './manifest.ts';
import { faultsByModel, type ModelClass } from './strict-model.ts';

const models: Readonly<Record<string, ModelClass & { readonly apiVersion: string }>> = {
  ConfigMap,
  Deployment,
  HorizontalPodAutoscaler,
  Ingress,
  Job,
  Namespace,
  NetworkPolicy,
  PodDisruptionBudget,
  ScaledObject,
  Secret,
  Service,
  ServiceAccount,
  StatefulSet,
  TriggerAuthentication,
};

/** The package's model of a ScaledObject is older than scalingModifiers; KEDA's own schema has them. */
const knownToModel = (manifest: Manifest): object => {
  if (manifest.kind !== 'ScaledObject') return manifest;
  const copy = structuredClone(manifest);
  const advanced = copy.spec?.['advanced'];
  if (typeof advanced === 'object' && advanced !== null) Reflect.deleteProperty(advanced, 'scalingModifiers');
  return copy;
};

/**
 * The faults of a resource by every schema that we have for its kind. A kind without a schema is a fault as
 * well.
 */
export const faultsOf = (manifest: Manifest): readonly string[] => {
  const { kind, apiVersion, metadata } = manifest;
  const model = models[kind];
  const check = customResources[kind];
  const faults = [
    ...(model || check ? [] : ['there is no schema of this kind']),
    ...(model && model.apiVersion !== apiVersion ? [`${apiVersion} is not ${model.apiVersion}`] : []),
    ...(model ? faultsByModel(model, knownToModel(manifest)) : []),
    ...(check?.(manifest) ?? []),
  ];
  return faults.map((fault) => `${kind} ${metadata.name}: ${fault}`);
};
