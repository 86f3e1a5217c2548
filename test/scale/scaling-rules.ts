import { runInNewContext } from 'node:vm';
import Type from 'typebox';
import { Parse } from 'typebox/value';
import { parse } from 'yaml';

/** The ScaledObject's rules for the number of projectors. Times in seconds. */
export interface ScalingRules {
  readonly min: number;
  readonly max: number;
  /** Number of entries per projector. */
  readonly target: number;
  /** Streams whose lag is read, by their names in the formula. */
  readonly triggers: readonly Trigger[];
  /** The sum according to the formula; −1 is a lag that Redis does not know. */
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

/** Reads them from the YAML of a cluster; throws if it contains something that is not played here. */
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

/**
 * The parts of our formula mean the same in KEDA's expressions and in JavaScript, so the text itself is
 * evaluated.
 */
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
