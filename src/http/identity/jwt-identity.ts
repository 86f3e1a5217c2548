import { createSecretKey } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { type JWTVerifyGetKey, type JWTVerifyOptions, jwtVerify } from 'jose';
import type { Clock, Logger } from '../../domain/ports.ts';
import type { Problem } from '../problems/problem.ts';
import { type ClaimedCaller, claimedCaller } from './claimed-caller.ts';
import { namesNobody, readCustomerIdHeader } from './customer-id-header.ts';
import type { Caller, Identification, Identity, SecurityScheme } from './identity.ts';
import { KeysUnavailable, newRemoteKeys } from './remote-keys.ts';
import { faultOf, type TokenFault } from './token-faults.ts';
import { newVerifiedTokens, type Verification } from './verified-tokens.ts';

export interface JwtIdentityOptions {
  /** The source of the keys: published at an address, or one secret shared with the issuer. Never both. */
  readonly keys:
    | { readonly type: 'jwks'; readonly url: string }
    | { readonly type: 'secret'; readonly secret: string };
  readonly issuer: string;
  readonly audience: string;
  readonly clockToleranceSeconds: number;
  readonly clock: Pick<Clock, 'nowMs' | 'monotonicMs'>;
  readonly logger: Logger;
}

/** How long a verification is cached; a removed key stays valid for this much longer. */
const cacheMs = 60_000;
const tokensMax = 100_000;

/**
 * Identifies the caller by the bearer JWT in Authorization and nowhere else. The source of the keys fixes the algorithms, so that a
 * token cannot choose to be checked as HMAC with a public key.
 */
export const newJwtIdentity = (options: JwtIdentityOptions): Identity => {
  const tokens = newVerifiedTokens({
    verify: newVerify(options),
    clock: options.clock,
    cacheMs,
    tokensMax,
  });
  return {
    securitySchemes: {
      customer: bearer('Its sub is the customer.'),
      service: bearer(
        "Its scope holds onsale:service; it acts for the customer in X-Customer-Id, as UTF-8''<percent-encoded> beyond ASCII.",
      ),
      admin: bearer('Its scope holds onsale:admin.'),
    },
    identify: async (headers) => {
      const token = /^Bearer +([\w.~+/-]+=*) *$/i.exec(headers.authorization ?? '')?.[1];
      if (token === undefined) return noToken;
      try {
        const found = await tokens(token);
        return found.type === 'fault' ? refused(found) : asCaller(found, headers);
      } catch (error) {
        if (!(error instanceof KeysUnavailable)) throw error;
        return { type: 'refused', problem: cannotVerify };
      }
    },
  };
};

const bearer = (description: string): SecurityScheme => ({
  type: 'http',
  scheme: 'bearer',
  bearerFormat: 'JWT',
  description,
});

/** The caller of a verified token, and until when the token is valid. */
type VerifiedCaller = ClaimedCaller & Required<Pick<Caller, 'validUntilMs'>>;

type TokenVerdict = VerifiedCaller | TokenFault;

/** Rejects when the token cannot be checked, because keys are missing or broken. A fault is not cached: clocks and keys change. */
const newVerify = (options: JwtIdentityOptions): ((token: string) => Promise<Verification<TokenVerdict>>) => {
  const { issuer, audience, clockToleranceSeconds, clock } = options;
  const { find, algorithms } = keysOf(options);
  const rules: JWTVerifyOptions = {
    issuer,
    audience,
    algorithms,
    clockTolerance: clockToleranceSeconds,
    requiredClaims: ['exp'],
  };
  return async (token) => {
    try {
      const { payload } = await jwtVerify(token, find, { ...rules, currentDate: new Date(clock.nowMs()) });
      const claimed = claimedCaller(payload);
      if (claimed.type === 'fault') return { value: claimed, untilMs: 0 };
      const untilMs = ((payload.exp ?? 0) + clockToleranceSeconds) * 1000;
      return { value: { ...claimed, validUntilMs: untilMs }, untilMs };
    } catch (error) {
      const fault = faultOf(error);
      if (fault === undefined) throw error;
      return { value: fault, untilMs: 0 };
    }
  };
};

interface Keys {
  readonly find: JWTVerifyGetKey;
  readonly algorithms: string[];
}

const keysOf = ({ keys, clock, logger }: JwtIdentityOptions): Keys => {
  if (keys.type === 'jwks') {
    const onFetchFailed = (err: unknown): void =>
      logger.warn({ err }, 'the keys that tokens are verified with cannot be fetched');
    const find = newRemoteKeys({ url: new URL(keys.url), monotonicMs: clock.monotonicMs, onFetchFailed });
    return { find, algorithms: ['RS256', 'ES256', 'EdDSA'] };
  }
  const secret = createSecretKey(keys.secret, 'utf8');
  return { find: () => secret, algorithms: ['HS256'] };
};

const asCaller = (claimed: VerifiedCaller, headers: IncomingHttpHeaders): Identification => {
  const named = readCustomerIdHeader(headers);
  const { isAdmin, validUntilMs } = claimed;
  if (claimed.type === 'person') {
    const { customerId } = claimed;
    const isAnother =
      named.type === 'malformed' || (named.type === 'named' && named.customerId !== customerId);
    return isAnother
      ? { type: 'refused', problem: notForOthers }
      : { type: 'identified', caller: { customerId, isAdmin, isService: false, validUntilMs } };
  }
  if (named.type === 'malformed') return { type: 'refused', problem: named.problem };
  if (named.type === 'empty') return { type: 'refused', problem: namesNobody };
  return {
    type: 'identified',
    caller: {
      ...(named.type === 'named' && { customerId: named.customerId }),
      isAdmin,
      isService: true,
      validUntilMs,
    },
  };
};

const noToken: Identification = {
  type: 'refused',
  problem: { code: 'unauthenticated', detail: 'Send Authorization: Bearer with a token.' },
  // RFC 6750 §3.1: no error code when no credentials were sent.
  challenge: 'Bearer realm="onsale"',
};

const refused = ({ reason }: TokenFault): Identification => ({
  type: 'refused',
  problem: { code: 'unauthenticated', detail: `${reason} Get a new one.` },
  challenge: `Bearer error="invalid_token", error_description="${reason}"`,
});

const cannotVerify: Problem = {
  code: 'overloaded',
  detail: 'The token cannot be checked right now. Nothing was done; try again shortly with the same token.',
  retryAfterSeconds: 1,
};

const notForOthers: Problem = {
  code: 'forbidden',
  detail: 'X-Customer-Id names another customer than the token. Only a service may act for another customer.',
};
