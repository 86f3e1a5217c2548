import { errors } from 'jose';

/** Why a token is rejected, as a message that does not contain any of it. */
export interface TokenFault {
  readonly type: 'fault';
  readonly reason: string;
}

export const newFault = (reason: string): TokenFault => ({ type: 'fault', reason });

/**
 * The fault of the token that an error of jose reports; undefined where the token is not at fault: the keys
 * cannot be fetched, or the key set is not valid. Such errors must not become a 401, because clients throw
 * away good tokens after one.
 */
export const faultOf = (error: unknown): TokenFault | undefined => {
  if (error instanceof errors.JWTExpired) return newFault('The token has expired.');
  if (error instanceof errors.JWTClaimValidationFailed) return newFault(claimReason(error));
  if (error instanceof errors.JWKSNoMatchingKey)
    return newFault('The token is signed with a key that is not known here.');
  return untrusted.some((kind) => error instanceof kind)
    ? newFault('The token is not one that is trusted here.')
    : undefined;
};

const untrusted = [
  errors.JWSInvalid,
  errors.JWTInvalid,
  errors.JWSSignatureVerificationFailed,
  errors.JOSEAlgNotAllowed,
  errors.JOSENotSupported,
  // Two keys fit, and the token has no `kid` to choose one.
  errors.JWKSMultipleMatchingKeys,
];

const claimReason = ({ claim, reason }: errors.JWTClaimValidationFailed): string => {
  if (reason === 'missing') return `The token lacks ${claim}.`;
  if (claim === 'nbf') return 'The token is not valid yet.';
  if (claim === 'iss') return 'The token is from another issuer.';
  if (claim === 'aud') return 'The token is for another audience.';
  return `The ${claim} of the token is not valid.`;
};
