import { objectives as goals, ratioName, windows } from '../prometheus/slo-rules.ts';
import { newDashboard } from './new-dashboard.ts';
import { figure, graph } from './panels.ts';
import { mostOf, recorded, recordedOver } from './queries.ts';

type Objective = (typeof goals)[number];

const titles: Readonly<Record<Objective['name'], string>> = {
  accepted: 'Accepted in time',
  decided: 'Decided in time',
};

/** The worst of the selected installs. */
const worst = (query: string): string => `max(${query})`;

const budgetOf = ({ goal }: Objective): number => Number((1 - goal).toFixed(6));

const nowOf = (objective: Objective) => {
  const { name, goal } = objective;
  return [
    figure({
      title: titles[name],
      says: `Within the last hour, of the install that has least; the goal is ${goal * 100} %`,
      unit: 'percentunit',
      span: 6,
      query: `1 - ${worst(recorded(ratioName(name, '1h')))}`,
      goodFrom: goal,
    }),
    figure({
      title: `${titles[name]}: budget left`,
      says: 'Of what may be late in 30 days; below 0 it is used up. All times weigh the same here, busy or not',
      unit: 'percentunit',
      span: 6,
      query: `1 - ${worst(recordedOver(ratioName(name, '1h'), '30d'))} / ${budgetOf(objective)}`,
      goodFrom: 0,
    }),
  ];
};

const burning = (objective: Objective) =>
  graph({
    title: `${titles[objective.name]}: how fast the budget goes`,
    says: '1 uses it up in 30 days. Alerts: 14.4 over an hour, 6 over six, 3 over a day, 1 over three',
    lines: Object.fromEntries(
      windows.map((window) => [
        `${window} {{cluster}} {{namespace}}`,
        `${recorded(ratioName(objective.name, window))} / ${budgetOf(objective)}`,
      ]),
    ),
    span: 24,
  });

const causes = [
  graph({
    title: 'Not in time, over five minutes',
    says: 'By install',
    unit: 'percentunit',
    lines: Object.fromEntries(
      goals.map(({ name }) => [`not ${name} {{cluster}} {{namespace}}`, recorded(ratioName(name, '5m'))]),
    ),
  }),
  graph({
    title: 'Age of the oldest undecided',
    says: 'By install; above 2.5 s the time counts as late',
    unit: 's',
    lines: { '{{cluster}} {{namespace}}': mostOf('lagSeconds', { by: ['cluster', 'namespace'] }) },
  }),
];

/** Whether the objectives are met, and how long the error budget lasts at the present rate. */
export const objectives = newDashboard({
  uid: 'onsale-objectives',
  title: 'onsale: objectives',
  says: 'Accepted and decided in time, and how fast the budget goes (docs/operating/slo.md)',
  rows: {
    Now: goals.flatMap(nowOf),
    Budget: goals.map(burning),
    Causes: causes,
  },
});
