import { readdirSync, readFileSync } from 'node:fs';
import { brokenCheck, outOfRange } from './server-error.ts';
import type { PoolRow } from './tables.ts';

const folder = new URL('../../../infra/migrations/', import.meta.url);
const migrations = readdirSync(folder)
  .filter((name) => name.endsWith('.sql'))
  .map((name) => readFileSync(new URL(name, folder), 'utf8'))
  .join('\n');

/** A CHECK that the migrations do not declare, or declare differently, is not applied here either. */
const isDeclared = (constraint: string, check: string): boolean =>
  migrations.includes(`CONSTRAINT \`${constraint}\` CHECK(${check})`);

const neverOversold = isDeclared('pools_never_oversold', 'held + confirmed <= capacity');
const neverNegative = isDeclared('pools_never_negative', 'held >= 0 AND confirmed >= 0');
const INT_MAX = 2_147_483_647;

/** Throws the server's error for a pool with impossible numbers. */
export const judgePool = ({ held, confirmed, capacity }: PoolRow): void => {
  for (const [column, number] of Object.entries({ held, confirmed, capacity }))
    if (Math.abs(number) > INT_MAX) throw outOfRange(column);
  if (neverOversold && held + confirmed > capacity) throw brokenCheck('pools_never_oversold', 'pools');
  if (neverNegative && (held < 0 || confirmed < 0)) throw brokenCheck('pools_never_negative', 'pools');
};
