import type { ShowRules } from '../../domain/requests.ts';

/** What happens when a show has a rule that this build does not know. */
export type UnknownRules =
  /** The show cannot be read. A projector must not decide without the rule. */
  | 'refused'
  /** The rule is left out. A client that only reads the show sees the rest. */
  | 'left-out';

const isNumber = (value: unknown): boolean => Number.isSafeInteger(value);

/** A record, so that the compiler demands an entry here for every new rule. */
const rules: Readonly<Record<keyof ShowRules, (value: unknown) => boolean>> = {
  maxPerRequest: isNumber,
  maxPerCustomer: isNumber,
  holdSeconds: isNumber,
  confirmBy: (value) => value === 'customer' || value === 'service',
  opensAtMs: isNumber,
  closesAtMs: isNumber,
  closed: (value) => typeof value === 'boolean',
};

const isRule = (name: string): name is keyof ShowRules => Object.hasOwn(rules, name);

export const parseRules = (text: string, unknown: UnknownRules): ShowRules => {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error('column rules holds no rules');
  for (const [name, rule] of Object.entries(value)) {
    if (isRule(name) ? !rules[name](rule) : unknown === 'refused')
      throw new Error(`rule ${name} is ${JSON.stringify(rule)}, which this version cannot read`);
  }
  const known = Object.entries(value).filter(([name]) => isRule(name));
  return Object.fromEntries(known) as ShowRules;
};
