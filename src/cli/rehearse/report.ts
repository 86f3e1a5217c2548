import type { Show } from '../../client/client.ts';
import { printable, tableOf } from '../print/print-table.ts';
import type { Finding } from './check-promises.ts';
import type { Bottleneck } from './name-bottleneck.ts';
import type { Plan } from './plan.ts';
import type { Figures, Latency } from './tally.ts';

/** The result of a rehearsal; `--json` prints this document. */
export interface Report {
  readonly url: string;
  readonly showId: string;
  readonly asked: Pick<Plan, 'customers' | 'ratePerSecond' | 'seconds' | 'holdSeconds'>;
  readonly interrupted: boolean;
  readonly figures: Figures;
  /** The pools at the end. */
  readonly pools: Show['pools'];
  readonly promises: readonly Finding[];
  readonly bottleneck: Bottleneck;
  readonly verdict: 'kept' | 'broken' | 'not verified';
  /** Why the promises could not be verified. */
  readonly because?: string;
}

const namedMax = 5;

export const textOf = (report: Report): string =>
  [
    ...headOf(report),
    '\n',
    tableOf(['answer', 'count'], Object.entries(report.figures.answers)),
    ...repeatsOf(report.figures),
    '\n',
    tableOf(['ms from when it was due', 'count', 'p50', 'p95', 'p99', 'max'], latencyRows(report.figures)),
    '\n',
    ...promisesOf(report.promises),
    `first bottleneck: ${printable(report.bottleneck.message)}\n`,
    `verdict: ${verdictText(report)}\n`,
  ].join('');

const headOf = ({ url, showId, asked, interrupted, figures, pools }: Report): readonly string[] => {
  const { sent, withheld, wantedPerSecond, reachedPerSecond, httpPerSecond } = figures;
  const rates = `${rateText(wantedPerSecond)} wanted, ${rateText(reachedPerSecond)} reached; ${rateText(httpPerSecond)} with all that follows`;
  return [
    `${interrupted ? 'interrupted: ' : ''}${sent} requests for places of ${asked.customers} customers at ${url}, show ${showId}${withheld > 0 ? `; ${withheld} more were not sent` : ''}\n`,
    `requests a second: ${rates}\n`,
    ...pools.map(
      ({ id, capacity, held, confirmed }) =>
        `${id}: ${confirmed} confirmed${held > 0 ? ` and ${held} held` : ''} of ${capacity}\n`,
    ),
  ];
};

const rateText = (perSecond: number): string => perSecond.toFixed(perSecond < 100 ? 1 : 0);

const repeatsOf = ({ repeated }: Figures): readonly string[] =>
  Object.entries(repeated).map(([code, { count, detail }]) =>
    printable(`sent again ${count} times after ${code}: ${detail}`).concat('\n'),
  );

const latencyRows = ({ latency: { answered, decided, followedUp, sentLate } }: Figures) => [
  latencyRow('answer without a wait (202, or refused)', answered),
  latencyRow('decision', decided),
  latencyRow('confirm or cancel, once sent', followedUp),
  latencyRow('sent late by this machine', sentLate),
];

const latencyRow = (name: string, { count, p50, p95, p99, max }: Latency) => [
  name,
  count,
  ...[p50, p95, p99, max].map((ms) => (count === 0 ? undefined : Number(ms.toFixed(ms < 10 ? 1 : 0)))),
];

const promisesOf = (promises: readonly Finding[]): readonly string[] => {
  if (promises.length === 0) return [];
  const rows = promises.map(({ promise, broken }) => [
    promise,
    broken.length === 0 ? 'kept' : `broken (${broken.length})`,
  ]);
  return [
    tableOf(['promise', 'was'], rows),
    ...promises.flatMap(({ broken }) => [
      ...broken.slice(0, namedMax).map((what) => `! ${printable(what)}\n`),
      ...(broken.length > namedMax ? [`! … and ${broken.length - namedMax} more (--json)\n`] : []),
    ]),
    '\n',
  ];
};

const verdictText = ({ verdict, because = '', bottleneck }: Report): string => {
  if (verdict === 'not verified') return printable(`not verified: ${because}`);
  if (verdict === 'broken') return 'promises were broken';
  return {
    nothing: 'every promise was kept at this rate',
    away: 'every promise was kept; the service was not there all the time, so this rate was not found out',
    sender: 'every promise was kept; whether the service can do this rate was not found out',
    service: 'every promise was kept, and the service is not fit for this rate',
  }[bottleneck.gaveWay];
};
