import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { paths } from '../../../infra/local/paths.ts';

export const pageOfKubernetes = (): string =>
  readFileSync(join(paths.root, 'docs/operating/kubernetes.md'), 'utf8');

/** The variables in the page's section "Left at their defaults". */
export const settingsLeftAtDefault = (): readonly string[] => {
  const [, section = ''] = pageOfKubernetes().split('\n## Left at their defaults\n');
  const [lines = ''] = section.split('\n## ');
  return [...lines.matchAll(/`([A-Z][A-Z_]+)`/g)].map(([, variable = '']) => variable);
};
