// npm run alerts: the rules of this folder as a resource of Kubernetes.
import { writeFileSync } from 'node:fs';
import { prometheusRuleFile } from './prometheus-rule-file.ts';

const { file, text } = prometheusRuleFile();
writeFileSync(file, text);
