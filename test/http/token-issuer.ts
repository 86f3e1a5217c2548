import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import type { Logger } from '../../src/domain/ports.ts';

export const issuer = 'https://login.example/';
export const audience = 'onsale';
/** The clock of the test moves only when the test moves it. */
export const startMs = Date.UTC(2026, 0, 31, 20);

type Algorithm = 'RS256' | 'ES256' | 'EdDSA' | 'PS256';

export interface SigningKey {
  readonly kid: string;
  readonly algorithm: Algorithm;
  readonly publicJwk: object;
  readonly publicPem: string;
  readonly privateKey: Parameters<SignJWT['sign']>[0];
}

export const newSigningKey = async (algorithm: Algorithm, kid: string): Promise<SigningKey> => {
  const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true });
  const publicJwk = { ...(await exportJWK(publicKey)), kid, use: 'sig' };
  return { kid, algorithm, publicJwk, publicPem: await exportSPKI(publicKey), privateKey };
};

/** The claims of a good token; undefined removes a claim. */
export type Claims = { readonly [Name in keyof JWTPayload]: JWTPayload[Name] | undefined };

const claimsAt = (nowMs: number, more: Claims = {}): JWTPayload => {
  const nowSeconds = Math.floor(nowMs / 1000);
  const claims = {
    iss: issuer,
    aud: audience,
    sub: 'alice',
    iat: nowSeconds,
    exp: nowSeconds + 300,
    ...more,
  };
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));
};

export const sign = async (key: SigningKey, more: Claims = {}, nowMs = startMs): Promise<string> =>
  await new SignJWT(claimsAt(nowMs, more))
    .setProtectedHeader({ alg: key.algorithm, kid: key.kid })
    .sign(key.privateKey);

export const signWithSecret = async (
  secret: string,
  more: Claims = {},
  algorithm = 'HS256',
): Promise<string> =>
  await new SignJWT(claimsAt(startMs, more))
    .setProtectedHeader({ alg: algorithm })
    .sign(new TextEncoder().encode(secret));

/** A token with the given header and payload, and any bytes as its signature. */
export const forge = (header: object, more: Claims = {}, signature = ''): string =>
  `${[header, claimsAt(startMs, more)].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')}.${signature}`;

export interface KeyServer {
  readonly url: string;
  /** The key set from now on; 'away' answers 503, and 'nonsense' answers something that is not a key set. */
  publish(keys: readonly SigningKey[] | 'away' | 'nonsense'): void;
  fetches(): number;
  close(): Promise<void>;
}

export const startKeyServer = async (first: Parameters<KeyServer['publish']>[0]): Promise<KeyServer> => {
  let published = first;
  let fetches = 0;
  const server = createServer((_request, response) => {
    fetches += 1;
    if (published === 'away') response.writeHead(503).end();
    else if (published === 'nonsense') response.end('{"keys":7}');
    else response.end(JSON.stringify({ keys: published.map(({ publicJwk }) => publicJwk) }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}/keys`,
    publish: (keys) => {
      published = keys;
    },
    fetches: () => fetches,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

/** A logger that keeps the level and the message of each line for the test. */
export const newReadableLog = (): { readonly logger: Logger; readonly lines: readonly string[] } => {
  const lines: string[] = [];
  const at = (level: string) => (_fields: object, message: string) => void lines.push(`${level} ${message}`);
  return { logger: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }, lines };
};
