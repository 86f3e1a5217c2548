import Type from 'typebox';
import { limits } from '../../domain/limits.ts';
import type { ShowRules } from '../../domain/requests.ts';
import { closed, timeMsType, wordType } from './wire-types.ts';

const placesType = Type.Integer({ minimum: 1, maximum: limits.capacity });

/** Every rule that a show can have. A rule that is added to the domain and not here is a compile error. */
const ruleTypes = {
  maxPerRequest: placesType,
  maxPerCustomer: placesType,
  holdSeconds: Type.Integer({ minimum: 1, maximum: limits.holdSecondsMax }),
  confirmBy: wordType({ customer: true, service: true }),
  opensAtMs: timeMsType,
  closesAtMs: timeMsType,
  closed: Type.Boolean(),
} satisfies Record<keyof ShowRules, unknown>;

const clearable = <Rule extends Type.TSchema>(rule: Rule) => Type.Union([rule, Type.Null()]);

const ruleChangeTypes = {
  maxPerRequest: clearable(ruleTypes.maxPerRequest),
  maxPerCustomer: clearable(ruleTypes.maxPerCustomer),
  holdSeconds: clearable(ruleTypes.holdSeconds),
  confirmBy: clearable(ruleTypes.confirmBy),
  opensAtMs: clearable(ruleTypes.opensAtMs),
  closesAtMs: clearable(ruleTypes.closesAtMs),
  closed: clearable(ruleTypes.closed),
} satisfies Record<keyof ShowRules, unknown>;

/** The rules of a show, as requests, boards and outcomes write them. Type.Partial drops options, so it gets `closed`. */
export const rulesType = Type.Partial(Type.Object(ruleTypes), closed);

/** `null` clears a rule. */
export const ruleChangesType = Type.Partial(Type.Object(ruleChangeTypes), closed);
