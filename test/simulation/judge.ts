import { audit } from '../../src/audit/audit.ts';
import type { Invariant } from '../../src/audit/contract.ts';
import { auditSourceOf } from './audit-source.ts';
import { wrongRefusals } from './door-refusals.ts';
import type { World } from './world.ts';

export interface Violation {
  readonly invariant: Invariant | 'stuck' | 'turned-away' | 'paid-twice';
  readonly count: number;
  readonly named: readonly string[];
}

/** The auditor's findings, except those that a disaster certainly explains. */
export const judge = async (
  world: World,
  cameRight: boolean,
): Promise<{ readonly broken: readonly Violation[]; readonly decisions: number }> => {
  const { history, unfenced, redisPast } = world;
  const operations = history.operations().filter(({ requestId }) => !history.excused.has(requestId));
  const report = await audit(
    auditSourceOf({
      ...world,
      ...world.settings,
      wentBack: history.excused.size > 0 || redisPast.wentBack,
      clockWentBack: redisPast.clockWentBack,
    }),
    operations,
  );
  const broken: Violation[] = Object.entries(report.findings)
    .filter(([, { count }]) => count > 0)
    .map(([invariant, { count, named }]) => ({
      invariant: parseInvariant(invariant),
      count,
      named: named.map(({ about, what }) => `${about}: ${what}`),
    }));
  if (unfenced.length > 0) broken.push({ invariant: 'unfenced', count: unfenced.length, named: unfenced });
  const turnedAway = wrongRefusals(history.refusals, history.sent);
  if (turnedAway.length > 0)
    broken.push({ invariant: 'turned-away', count: turnedAway.length, named: turnedAway });
  const twice = [...history.payments].filter(([, references]) => references.size > 1).map(([id]) => id);
  if (twice.length > 0) broken.push({ invariant: 'paid-twice', count: twice.length, named: twice });
  if (!cameRight)
    broken.push({ invariant: 'stuck', count: 1, named: ['not everything was decided in two minutes'] });
  return { broken, decisions: report.looked.decisions };
};

const parseInvariant = (name: string): Invariant => name as Invariant;
