import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'yaml';
import { sloAlerts, sloRecordings } from './slo-rules.ts';

const rules = new URL('onsale.rules.yaml', import.meta.url);
const objectives = new URL('onsale-slo.rules.yaml', import.meta.url);
const component = new URL('../k8s/components/prometheus-operator/', import.meta.url);

interface WrittenFile {
  readonly file: string;
  readonly text: string;
}

const written = (url: URL, head: string, document: object): WrittenFile => ({
  file: fileURLToPath(url),
  text: `# Written by \`npm run alerts\` from ${head}.\n${stringify(document, { lineWidth: 0 })}`,
});

const resource = (name: string, spec: object): object => ({
  apiVersion: 'monitoring.coreos.com/v1',
  kind: 'PrometheusRule',
  // The label that the Prometheus of the operator's chart selects.
  metadata: { name, labels: { release: 'kube-prometheus-stack' } },
  spec,
});

const anyPage = /(runbook_url: )(\S+\/)([a-z-]+\.md)$/gm;

/** An address as typed; the names of pages are appended to it. */
export const pagesOf = (address: string): string | undefined =>
  /^https?:\/\/[\w.:~/-]+$/.test(address) ? address.replace(/\/*$/, '/') : undefined;

/** All files that `npm run alerts` writes: the alerts, linked to these pages or the present ones, and what is derived from them. */
export const ruleFiles = (pages?: string): readonly WrittenFile[] => {
  const found = readFileSync(rules, 'utf8');
  const [first] = found.matchAll(anyPage);
  const address = pages ?? first?.[2] ?? '';
  const text = found.replaceAll(anyPage, (_all, key: string, _old: string, page: string) =>
    [key, address, page].join(''),
  );
  const { groups }: { readonly groups: readonly object[] } = parse(text);
  const [alerts, recordings] = [sloAlerts(address), sloRecordings()];
  return [
    { file: fileURLToPath(rules), text },
    written(objectives, 'infra/prometheus/slo-rules.ts', { groups: [recordings, alerts] }),
    written(
      new URL('rule.yaml', component),
      'infra/prometheus/onsale.rules.yaml and slo-rules.ts',
      resource('onsale', { groups: [...groups, alerts] }),
    ),
    // A file of its own: an overlay that changes the alerts' links would fail on rules without links.
    written(
      new URL('recordings.yaml', component),
      'infra/prometheus/slo-rules.ts',
      resource('onsale-recordings', { groups: [recordings] }),
    ),
  ];
};
