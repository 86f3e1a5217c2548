import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { type ScaledObjectPlan, salePatch, scaledObject } from './scaled-object.ts';

interface WrittenFile {
  readonly file: string;
  readonly text: string;
}

const components = { keda: 'one-server', 'keda-redis-cluster': 'cluster' } as const;

const render = (plan: ScaledObjectPlan): string =>
  `# Written by \`npm run scaled-objects -- ${plan.partitions}\`: as many triggers as ONSALE_PARTITIONS.\n${stringify(
    scaledObject(plan),
    { lineWidth: 0, aliasDuplicateObjects: false },
  )}`;

const renderSale = (partitions: number): string =>
  `# Written by \`npm run scaled-objects -- ${partitions}\`. The sale's trigger is the first of all.\n${stringify(
    salePatch(partitions),
    { lineWidth: 0 },
  )}`;

/** The expected files of the keda components for this number of partitions. */
export const scaledObjectFiles = (partitions: number): readonly WrittenFile[] => [
  ...Object.entries(components).map(([component, redis]) => ({
    file: fileURLToPath(new URL(`components/${component}/scaled-object.yaml`, import.meta.url)),
    text: render({ partitions, redis }),
  })),
  {
    file: fileURLToPath(new URL('components/keda-cron/sale.yaml', import.meta.url)),
    text: renderSale(partitions),
  },
];
