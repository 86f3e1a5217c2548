import { runInNewContext } from 'node:vm';
import Type from 'typebox';
import { Parse } from 'typebox/value';
import { parse } from 'yaml';

/** What the ScaledObject says of how many projectors there are to be. Times in seconds. */
export interface ScalingRules {
  readonly min: number;
  readonly max: number;
  /** The entries that are one projector's share. */
  readonly target: number;
  /** Streams whose lag is asked for, by the names that the formula has for them. */
  readonly triggers: readonly Trigger[];
  /** The sum as the formula makes it; −1 is a lag that Redis does not know. */
  readonly sum: (lags: Readonly<Record<string, number>>) => number;
  readonly up: Behaviour;
  readonly down: Behaviour;
}

export interface Trigger {
  readonly name: string;
  readonly stream: string;
  readonly consumerGroup: string;
}

export interface Behaviour {
  readonly windowSeconds: number;
  readonly policy: 'Pods' | 'Percent';
  readonly value: number;
  readonly periodSeconds: number;
}

const behaviour = Type.Object({
  stabilizationWindowSeconds: Type.Number(),
  policies: Type.Tuple([
    Type.Object({
      type: Type.Union([Type.Literal('Pods'), Type.Literal('Percent')]),
      value: Type.Number(),
      periodSeconds: Type.Number(),
    }),
  ]),
});

const scaledObject = Type.Object({
  kind: Type.Literal('ScaledObject'),
  spec: Type.Object({
    minReplicaCount: Type.Number(),
    maxReplicaCount: Type.Number(),
    advanced: Type.Object({
      scalingModifiers: Type.Object({
        formula: Type.String(),
        target: Type.String(),
        metricType: Type.Literal('AverageValue'),
      }),
      horizontalPodAutoscalerConfig: Type.Object({
        behavior: Type.Object({ scaleUp: behaviour, scaleDown: behaviour }),
      }),
    }),
    triggers: Type.Array(
      Type.Object({
        name: Type.String(),
        metadata: Type.Object({ stream: Type.String(), consumerGroup: Type.String() }),
      }),
    ),
  }),
});

/** Reads them from the YAML that a cluster is given; throws where it has something that is not played here. */
export const readScalingRules = (yaml: string): ScalingRules => {
  const { spec } = Parse(scaledObject, parse(yaml));
  const { formula, target } = spec.advanced.scalingModifiers;
  const { scaleUp, scaleDown } = spec.advanced.horizontalPodAutoscalerConfig.behavior;
  return {
    min: spec.minReplicaCount,
    max: spec.maxReplicaCount,
    target: Number(target),
    triggers: spec.triggers.map(({ name, metadata }) => ({
      name,
      stream: metadata.stream,
      consumerGroup: metadata.consumerGroup,
    })),
    sum: sumOf(formula),
    up: behaviourOf(scaleUp),
    down: behaviourOf(scaleDown),
  };
};

/** KEDA's expressions and JavaScript mean the same by what ours is made of, so the text itself is what counts. */
const sumOf =
  (formula: string): ScalingRules['sum'] =>
  (lags) => {
    const sum = Number(runInNewContext(formula, { ...lags }));
    if (!Number.isFinite(sum)) throw new Error(`the formula made ${sum} of ${JSON.stringify(lags)}`);
    return sum;
  };

const behaviourOf = ({ stabilizationWindowSeconds, policies }: Type.Static<typeof behaviour>): Behaviour => {
  const [{ type, value, periodSeconds }] = policies;
  return { windowSeconds: stabilizationWindowSeconds, policy: type, value, periodSeconds };
};
