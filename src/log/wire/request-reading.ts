import Type from 'typebox';
import type { Validator } from 'typebox/compile';
import type { RequestEvent, RequestKey } from '../../domain/requests.ts';

/** A request, or the reason as text why it cannot be read as one. */
export type RequestReading =
  | { readonly type: 'request'; readonly request: RequestEvent }
  | { readonly type: 'fault'; readonly why: string };

export const fault = (why: string): RequestReading => ({ type: 'fault', why });

/** Why a value that failed its check is not a request. */
export const faultIn = (check: Validator, wire: unknown): RequestReading => {
  const errors = check.Errors(wire);
  const error = errors.find(({ keyword }) => keyword !== 'boolean') ?? errors[0];
  return fault(error ? `${error.instancePath || '/'} ${error.message}` : 'it has the wrong shape');
};

/** The first id that occurs again; undefined when all differ. */
export const firstRepeated = (ids: readonly string[]): string | undefined =>
  ids.find((id, index) => ids.indexOf(id) !== index);

const digestType = Type.String({ pattern: '^[0-9a-f]{32}$' });

/** The client's key, as [<hash>,<fingerprint>]. */
export const keyType = Type.Tuple([digestType, digestType]);

type KeyWire = Type.Static<typeof keyType>;

export const keyOnWire = (key: RequestKey | undefined): { key?: KeyWire } =>
  key ? { key: [key.hash, key.fingerprint] } : {};

export const keyOf = (key: KeyWire | undefined): { key?: RequestKey } =>
  key ? { key: { hash: key[0], fingerprint: key[1] } } : {};
