import { CustomVariableBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { newDashboard } from './new-dashboard.ts';
import { graph, heatmap, traces } from './panels.ts';
import { buckets, perSecond } from './queries.ts';
import { slowestByRoute, slowestByStage } from './shared-graphs.ts';

export const stages = ['total', 'accept', 'append', 'pick-up', 'commit', 'visible'] as const;

const stage = new CustomVariableBuilder('stage')
  .label('Stage')
  .values(stages.join(','))
  .options(stages.map((text) => ({ text, value: text, selected: text === 'total' })))
  .current({ text: 'total', value: 'total', selected: true });

const histograms = [
  heatmap({
    title: 'Stage $stage',
    says: 'The dots are traces that were kept: click one, then its trace',
    query: buckets('stage', { where: { stage: '$stage' } }),
  }),
  slowestByStage('The dots are traces that were kept'),
  slowestByRoute('The dots are traces that were kept'),
  graph({
    title: 'Traces',
    says: 'Begun or kept, by why; dropped for being too many',
    unit: 'ops',
    stacked: true,
    span: 24,
    lines: { '{{why}}': perSecond('traces', { by: ['why'] }) },
  }),
];

const found = [
  traces({
    title: 'Errors',
    says: 'Kept whatever the sampling',
    query: '{ resource.service.name =~ "onsale.*" && status = error }',
  }),
  traces({
    title: 'Slow',
    says: 'Kept for being over ONSALE_SLOW_MS',
    query: '{ span.onsale.kept = "slow" }',
  }),
  traces({ title: 'Refused', says: 'Decisions that refuse', query: '{ span.onsale.reason != nil }' }),
  traces({ title: 'All', says: 'Reservations asked for', query: '{ name = "POST /v1/reservations" }' }),
];

/** From a bar of a histogram to a trace that fell into it. */
export const traceExplorer = newDashboard({
  uid: 'onsale-traces',
  title: 'onsale: trace explorer',
  says: 'From the histogram of a stage to the traces in it',
  variables: [stage],
  rows: { 'From figures to traces': histograms, Traces: found },
});
