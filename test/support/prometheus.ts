import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { findProgram } from '../../infra/local/find-program.ts';
import { freePort } from '../../infra/local/free-port.ts';
import { startServer } from '../../infra/local/server-process.ts';
import { howToGetPrometheus } from './ensure-prometheus.ts';

export interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface RuleHealth {
  readonly name: string;
  readonly health: string;
  readonly state: string;
}

export interface Prometheus {
  readonly query: (expr: string) => Promise<readonly Sample[]>;
  /** Trace ids of the exemplars of the series that a query selects. */
  readonly exemplars: (expr: string) => Promise<readonly string[]>;
  readonly rules: () => Promise<readonly RuleHealth[]>;
  readonly stop: () => Promise<void>;
}

const programOf = (name: 'prometheus' | 'promtool'): string => {
  const program = findProgram(name);
  if (program === undefined) throw new Error(howToGetPrometheus);
  return program;
};

export interface CheckResult {
  readonly code: number | null;
  readonly output: string;
}

export const promtool = (args: readonly string[], input = ''): CheckResult => {
  const { status, stdout, stderr } = spawnSync(programOf('promtool'), args, { input, encoding: 'utf8' });
  return { code: status, output: `${stdout}${stderr}` };
};

const every = '500ms';

const configuration = (target: string, rules: readonly string[]): string =>
  stringify({
    global: { scrape_interval: every, scrape_timeout: every, evaluation_interval: every },
    rule_files: rules,
    scrape_configs: [{ job_name: 'onsale', static_configs: [{ targets: [target] }] }],
  });

/** A Prometheus for one test file that scrapes this process twice a second. */
export const startPrometheus = async (opsUrl: string, rules: readonly string[]): Promise<Prometheus> => {
  const dir = join(process.env['ONSALE_TEST_DIR'] ?? '', 'prometheus');
  mkdirSync(dir, { recursive: true });
  const config = join(dir, 'prometheus.yaml');
  writeFileSync(config, configuration(new URL(opsUrl).host, rules));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const args = {
    'config.file': config,
    'storage.tsdb.path': join(dir, 'data'),
    'web.listen-address': `127.0.0.1:${port}`,
    'enable-feature': 'exemplar-storage',
  };
  const server = await startServer({
    ...{ name: 'Prometheus', program: programOf('prometheus'), dir, port, url },
    args: Object.entries(args).map(([key, value]) => `--${key}=${value}`),
    answers: () =>
      fetch(`${url}/-/ready`).then(
        ({ ok }) => ok,
        () => false,
      ),
  });
  return { ...asking(url), stop: () => server.kill('SIGKILL') };
};

const asking = (url: string): Omit<Prometheus, 'stop'> => {
  const ask = async (path: string, asked: Readonly<Record<string, string>> = {}): Promise<string> => {
    const response = await fetch(`${url}/api/v1/${path}?${new URLSearchParams(asked)}`);
    const text = await response.text();
    if (!response.ok) throw new Error(`${asked['query'] ?? path}: ${text}`);
    return text;
  };
  return {
    query: async (query) => parseSamples(await ask('query', { query })),
    exemplars: async (query) => {
      const end = Date.now() / 1_000 + 1;
      return parseExemplars(
        await ask('query_exemplars', { query, start: String(end - 600), end: String(end) }),
      );
    },
    rules: async () => parseRuleHealth(await ask('rules')),
  };
};

const parseSamples = (text: string): readonly Sample[] => {
  const { data } = JSON.parse(text) as {
    data: { result: { metric: Sample['metric']; value: [number, string] }[] };
  };
  return data.result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
};

const parseExemplars = (text: string): readonly string[] => {
  const { data } = JSON.parse(text) as { data: { exemplars: { labels: { trace_id: string } }[] }[] };
  return data.flatMap(({ exemplars }) => exemplars.map(({ labels }) => labels.trace_id));
};

const parseRuleHealth = (text: string): readonly RuleHealth[] =>
  (JSON.parse(text) as { data: { groups: { rules: RuleHealth[] }[] } }).data.groups.flatMap(
    ({ rules }) => rules,
  );
