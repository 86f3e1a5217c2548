import { readFileSync } from 'node:fs';
import Type, { type TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { parse } from 'yaml';

type Check = (object: object) => readonly string[];

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The same schema, where every object that names its fields allows no others. */
const closed = (schema: unknown): unknown => {
  if (Array.isArray(schema)) return schema.map(closed);
  if (!isObject(schema)) return schema;
  const inside = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  const isOpen = schema['x-kubernetes-preserve-unknown-fields'] === true;
  return isObject(schema['properties']) && !isOpen ? { ...inside, additionalProperties: false } : inside;
};

const newSchema = (schema: unknown): TSchema => closed(schema) as TSchema;

const checkBy = (schema: TSchema): Check => {
  const compiled = Compile(schema);
  return (object) => compiled.Errors(object).map(({ instancePath, message }) => `${instancePath} ${message}`);
};

/** KEDA's own schema. Its metadata may be any object: the API server checks that part. */
const schemaOfScaledObject = (): TSchema => {
  const file = new URL('fixtures/keda-scaledobject-crd.yaml', import.meta.url);
  const definition: unknown = parse(readFileSync(file, 'utf8'));
  const version = at(definition, ['spec', 'versions', '0', 'schema', 'openAPIV3Schema']);
  return newSchema(version);
};

const at = (value: unknown, [key, ...rest]: readonly string[]): unknown => {
  if (key === undefined) return value;
  if (Array.isArray(value)) return at(value[Number(key)], rest);
  return isObject(value) ? at(value[key], rest) : undefined;
};

const text = Type.String({ minLength: 1 });
const closedObject = <Fields extends Record<string, TSchema>>(fields: Fields): TSchema =>
  Type.Object(fields, { additionalProperties: false });

const metadata = closedObject({
  name: text,
  namespace: text,
  labels: Type.Optional(Type.Record(text, text)),
});

const duration = Type.String({ pattern: '^([0-9]{1,5}(h|m|s|ms)){1,4}$' });

/** What we use of the Gateway API's HTTPRoute (v1), written down from its reference. */
const httpRoute = closedObject({
  apiVersion: Type.Literal('gateway.networking.k8s.io/v1'),
  kind: Type.Literal('HTTPRoute'),
  metadata,
  spec: closedObject({
    parentRefs: Type.Array(closedObject({ name: text, namespace: text }), { minItems: 1, maxItems: 32 }),
    hostnames: Type.Array(text, { minItems: 1, maxItems: 16 }),
    rules: Type.Array(
      closedObject({
        matches: Type.Array(
          closedObject({
            method: Type.Optional(Type.Enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])),
            path: closedObject({
              type: Type.Enum(['Exact', 'PathPrefix', 'RegularExpression']),
              value: text,
            }),
          }),
          { minItems: 1, maxItems: 64 },
        ),
        timeouts: closedObject({ request: duration }),
        backendRefs: Type.Array(
          closedObject({ name: text, port: Type.Integer({ minimum: 1, maximum: 65_535 }) }),
        ),
      }),
      { minItems: 1, maxItems: 16 },
    ),
  }),
});

/** What we use of the Prometheus operator's PodMonitor (v1), written down from its reference. */
const podMonitor = closedObject({
  apiVersion: Type.Literal('monitoring.coreos.com/v1'),
  kind: Type.Literal('PodMonitor'),
  metadata,
  spec: closedObject({
    selector: closedObject({
      matchLabels: Type.Record(text, text),
      matchExpressions: Type.Array(
        closedObject({
          key: text,
          operator: Type.Enum(['In', 'NotIn', 'Exists', 'DoesNotExist']),
          values: Type.Array(text),
        }),
      ),
    }),
    podMetricsEndpoints: Type.Array(
      closedObject({ port: text, path: Type.String({ pattern: '^/' }), interval: duration }),
      { minItems: 1 },
    ),
  }),
});

/**
 * The fields of its PrometheusRule (v1) that we use, copied from its reference; the rules themselves are
 * checked by promtool.
 */
const prometheusRule = closedObject({
  apiVersion: Type.Literal('monitoring.coreos.com/v1'),
  kind: Type.Literal('PrometheusRule'),
  metadata,
  spec: closedObject({
    groups: Type.Array(
      closedObject({
        name: text,
        rules: Type.Array(
          Type.Union([
            closedObject({ record: Type.String({ pattern: '^onsale:[a-z_0-9:]+$' }), expr: text }),
            closedObject({
              alert: Type.String({ pattern: '^[A-Z][A-Za-z]+$' }),
              expr: text,
              for: Type.Optional(duration),
              labels: closedObject({ severity: Type.Enum(['critical', 'warning']) }),
              annotations: closedObject({
                summary: text,
                runbook_url: Type.String({ pattern: '^https?://' }),
              }),
            }),
          ]),
          { minItems: 1 },
        ),
      }),
      { minItems: 1 },
    ),
  }),
});

export const customResources: Readonly<Record<string, Check>> = {
  ScaledObject: checkBy(schemaOfScaledObject()),
  HTTPRoute: checkBy(httpRoute),
  PodMonitor: checkBy(podMonitor),
  PrometheusRule: checkBy(prometheusRule),
};
