import { graph } from './panels.ts';
import { install, mostOf, quantile } from './queries.ts';

/** Graphs that several dashboards show; each adds the description that matters there. */
export const slowestByStage = (says: string) =>
  graph({
    title: 'Latency by stage, 99 of 100',
    says,
    unit: 's',
    exemplars: true,
    lines: { '{{stage}}': quantile(0.99, 'stage', { by: ['stage'] }) },
  });

export const slowestByRoute = (says: string) =>
  graph({
    title: 'Answers, 99 of 100',
    says,
    unit: 's',
    exemplars: true,
    lines: {
      '{{http_request_method}} {{http_route}}': quantile(0.99, 'httpDuration', {
        by: ['http_request_method', 'http_route'],
      }),
    },
  });

export const undecidedByPartition = (says: string) =>
  graph({
    title: 'Undecided entries',
    says,
    lines: { '{{namespace}} {{partition}}': mostOf('lagEntries', { by: [...install, 'partition'] }) },
  });

export const oldestByPartition = () =>
  graph({
    title: 'Age of the oldest undecided',
    says: 'By partition, by the clock of Redis',
    unit: 's',
    lines: { '{{namespace}} {{partition}}': mostOf('lagSeconds', { by: [...install, 'partition'] }) },
  });
