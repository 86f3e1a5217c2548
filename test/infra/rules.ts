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

export interface Recording {
  readonly record: string;
  readonly expr: string;
}

interface RuleTest {
  readonly alert_rule_test?: readonly {
    readonly alertname: string;
    readonly exp_alerts: readonly unknown[];
  }[];
}

const folder = join(paths.root, 'infra/prometheus');

const filesEndingIn = (end: string): readonly string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith(end))
    // The hand-written rules come first, in the order of the pages.
    .toSorted((one, other) => one.length - other.length)
    .map((name) => join(folder, name));

export const rulesFiles = filesEndingIn('.rules.yaml');
export const ruleTestFiles = filesEndingIn('.test.yaml');

const parseFile = (file: string): unknown => parse(readFileSync(file, 'utf8'));

const parseAll = (): readonly (Rule | Recording)[] =>
  rulesFiles.flatMap((file) =>
    (parseFile(file) as { groups: { rules: (Rule | Recording)[] }[] }).groups.flatMap(({ rules }) => rules),
  );

export const parseRules = (): readonly Rule[] => parseAll().filter((rule) => 'alert' in rule);
export const parseRecordings = (): readonly Recording[] => parseAll().filter((rule) => 'record' in rule);

export const parseRuleTests = (): readonly RuleTest[] =>
  ruleTestFiles.flatMap((file) => (parseFile(file) as { tests: RuleTest[] }).tests);
