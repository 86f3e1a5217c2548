import type { Needed } from '../config.ts';

export type ApiRole = 'command' | 'query';
export type Role = ApiRole | 'projector';

export const parseRole = (text: string): Role | undefined =>
  text === 'command' || text === 'query' || text === 'projector' ? text : undefined;

/** The settings without a default that these roles cannot do without. */
export const neededBy = (roles: readonly Role[]): readonly Needed[] => {
  const isApi = roles.some((role) => role !== 'projector');
  return ['redisUrl', 'databaseUrl', ...(isApi ? (['idKeys'] as const) : [])];
};
