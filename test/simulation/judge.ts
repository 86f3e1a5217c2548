import { audit } from '../../src/audit/audit.ts';
import type { Invariant } from '../../src/audit/contract.ts';
import { auditSourceOf } from './audit-source.ts';
import { wrongRefusals } from './door-refusals.ts';
import { notFounds, wentBack } from './looks.ts';
import type { World } from './world.ts';

export interface Violation {
  readonly invariant:
    | Invariant
    | 'stuck'
    | 'turned-away'
    | 'paid-twice'
    | 'not-found'
    | 'seen-going-back'
    | 'unanswered';
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
  const seen = {
    unfenced,
    'turned-away': wrongRefusals(history.refusals, history.sent),
    'paid-twice': [...history.payments].filter(([, references]) => references.size > 1).map(([id]) => id),
    'not-found': notFounds(history.looks, history.excused),
    'seen-going-back': wentBack(history.looks),
    unanswered: history.unansweredCalls,
    stuck: cameRight ? [] : ['not everything was decided in two minutes'],
  } as const;
  for (const [invariant, named] of Object.entries(seen))
    if (named.length > 0) broken.push({ invariant: parseInvariant(invariant), count: named.length, named });
  return { broken, decisions: report.looked.decisions };
};

const parseInvariant = (name: string): Violation['invariant'] => name as Violation['invariant'];
