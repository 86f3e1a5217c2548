import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { paths } from '../../infra/local/paths.ts';

export interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly runbook_url: string };
}

interface RuleTest {
  readonly alert_rule_test: readonly {
    readonly alertname: string;
    readonly exp_alerts: readonly unknown[];
  }[];
}

const folder = join(paths.root, 'infra/prometheus');

export const rulesFile = join(folder, 'onsale.rules.yaml');
export const ruleTestFiles = readdirSync(folder)
  .filter((name) => name.endsWith('.test.yaml'))
  .map((name) => join(folder, name));

const parseFile = (file: string): unknown => parse(readFileSync(file, 'utf8'));

export const parseRules = (): readonly Rule[] =>
  (parseFile(rulesFile) as { groups: { rules: Rule[] }[] }).groups.flatMap(({ rules }) => rules);

export const parseRuleTests = (): readonly RuleTest[] =>
  ruleTestFiles.flatMap((file) => (parseFile(file) as { tests: RuleTest[] }).tests);
