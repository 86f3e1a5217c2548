import Type from 'typebox';
import type { PoolId } from '../domain/ids.ts';
import type { RuleChanges, ShowRules } from '../domain/requests.ts';
import { requestTimeField } from '../http/message/fields.ts';
import { parseTime } from '../http/message/parse-time.ts';
import {
  confirmByField,
  holdSecondsField,
  maxPerCustomerField,
  maxPerRequestField,
} from '../http/message/represent-show.ts';
import type { FieldError } from '../http/problems/problem.ts';

/** The rules that may be set when a show is opened. */
export const ruleFields = {
  maxPerRequest: Type.Optional(maxPerRequestField),
  maxPerCustomer: Type.Optional(maxPerCustomerField),
  holdSeconds: Type.Optional(holdSecondsField),
  confirmBy: Type.Optional(confirmByField),
  opensAt: Type.Optional(requestTimeField),
  closesAt: Type.Optional(requestTimeField),
};

/**
 * One type that includes null, instead of a union, so that a mistake is reported once and not once for each
 * branch.
 */
const orNull = <Value>(field: { readonly type: string }) =>
  Type.Optional(
    Type.Unsafe<Value | null>({ ...field, type: [field.type, 'null'], description: 'null takes it away.' }),
  );

/** The rules that may be changed later; null clears a rule. */
export const ruleChangeFields = {
  maxPerRequest: orNull<number>(maxPerRequestField),
  maxPerCustomer: orNull<number>(maxPerCustomerField),
  holdSeconds: orNull<number>(holdSecondsField),
  opensAt: orNull<string>(requestTimeField),
  closesAt: orNull<string>(requestTimeField),
  closed: Type.Optional(
    Type.Boolean({ description: 'Closed by hand: no new reservations; what is held may be confirmed.' }),
  ),
};

const ruleSchema = Type.Object(ruleFields);
const ruleChangeSchema = Type.Object(ruleChangeFields);

export const rulesOf = ({ opensAt, closesAt, ...body }: Type.Static<typeof ruleSchema>): ShowRules => ({
  ...picked(body, ['maxPerRequest', 'maxPerCustomer', 'holdSeconds', 'confirmBy']),
  ...(opensAt !== undefined && { opensAtMs: msOf(opensAt) }),
  ...(closesAt !== undefined && { closesAtMs: msOf(closesAt) }),
});

export const ruleChangesOf = ({
  opensAt,
  closesAt,
  closed,
  ...body
}: Type.Static<typeof ruleChangeSchema>): RuleChanges => ({
  ...picked(body, ['maxPerRequest', 'maxPerCustomer', 'holdSeconds']),
  ...(opensAt !== undefined && { opensAtMs: opensAt === null ? null : msOf(opensAt) }),
  ...(closesAt !== undefined && { closesAtMs: closesAt === null ? null : msOf(closesAt) }),
  // `closed: false` is not stored: a show that is not closed is open.
  ...(closed !== undefined && { closed: closed || null }),
});

/** For a time that was validated before. */
const msOf = (time: string): number => {
  const read = parseTime(time);
  return read.type === 'time' ? read.ms : Number.NaN;
};

const picked = <Body extends object, Name extends keyof Body>(
  body: Body,
  names: readonly Name[],
): Partial<Pick<Body, Name>> => {
  const found: Partial<Pick<Body, Name>> = {};
  for (const name of names) if (body[name] !== undefined) found[name] = body[name];
  return found;
};

interface ShowFields {
  readonly pools?: readonly { readonly id: PoolId }[];
  readonly opensAt?: string | null;
  readonly closesAt?: string | null;
}

/** The mistakes that no schema can detect. */
export const showMistakes = ({ pools = [], opensAt, closesAt }: ShowFields): readonly FieldError[] => {
  const twice = pools.findIndex(({ id }, at) => pools.findIndex((pool) => pool.id === id) < at);
  const times = Object.entries({ opensAt, closesAt }).flatMap(([name, at]) => {
    const read = at ? parseTime(at) : undefined;
    return read?.type === 'mistake' ? [{ pointer: `#/${name}`, detail: read.detail }] : [];
  });
  const backwards = opensAt && closesAt && msOf(closesAt) <= msOf(opensAt);
  return [
    ...(twice >= 0 ? [{ pointer: `#/pools/${twice}/id`, detail: 'must differ from the ids before it' }] : []),
    ...times,
    ...(backwards ? [{ pointer: '#/closesAt', detail: 'must be after opensAt' }] : []),
  ];
};
