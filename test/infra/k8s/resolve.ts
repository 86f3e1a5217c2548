import type { Manifest, Workload } from './manifest.ts';

const apiKeys = ['REDIS_URL', 'DATABASE_URL', 'ONSALE_ID_KEYS'] as const;

/** The keys that the secret of a workload must have. */
export const secretKeys = ({ pod }: Workload): readonly string[] => {
  const args = pod.containers[0]?.args ?? [];
  if (args.includes('migrate')) return ['DATABASE_URL'];
  return args.includes('projector') ? ['REDIS_URL', 'DATABASE_URL'] : apiKeys;
};

/** Values that a user might put into a secret of their own. */
const standIns: Readonly<Record<string, string>> = {
  REDIS_URL: 'rediss://onsale-api:secret@redis.example:6379',
  DATABASE_URL: 'mysql://onsale-api:secret@mysql.example:3306/onsale',
  ONSALE_ID_KEYS: 'a secret of thirty-two characters or more',
};

const decoded = (data: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString('utf8')]),
  );

/** Every variable a container of ours starts with. */
export const environmentOf = (
  workload: Workload,
  manifests: readonly Manifest[],
): Readonly<Record<string, string>> => {
  const dataOf = (kind: string, name: string): Readonly<Record<string, string>> | undefined =>
    manifests.find((manifest) => manifest.kind === kind && manifest.metadata.name === name)?.data;
  const { env = [], envFrom = [] } = workload.pod.containers[0] ?? { env: [], envFrom: [] };
  const from = envFrom.map(({ configMapRef, secretRef }) => {
    if (configMapRef) {
      const data = dataOf('ConfigMap', configMapRef.name);
      if (!data) throw new Error(`there is no ConfigMap ${configMapRef.name}`);
      return data;
    }
    const secret = dataOf('Secret', secretRef?.name ?? '');
    return secret
      ? decoded(secret)
      : Object.fromEntries(secretKeys(workload).map((key) => [key, standIns[key] ?? '']));
  });
  const own = Object.fromEntries(env.map(({ name, value = 'by the downward API' }) => [name, value]));
  return Object.assign({}, ...from, own);
};
