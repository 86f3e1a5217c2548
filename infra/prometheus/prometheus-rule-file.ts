import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'yaml';

const rules = new URL('onsale.rules.yaml', import.meta.url);
const component = new URL('../k8s/components/prometheus-operator/rule.yaml', import.meta.url);

/** The same alerts as Prometheus' operator wants them. */
export const prometheusRuleFile = (): { readonly file: string; readonly text: string } => {
  const spec: unknown = parse(readFileSync(rules, 'utf8'));
  const rule = {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name: 'onsale' },
    spec,
  };
  const head = '# Written by `npm run alerts` from infra/prometheus/onsale.rules.yaml.\n';
  return { file: fileURLToPath(component), text: head + stringify(rule, { lineWidth: 0 }) };
};
