import { parseRequestId, type RequestId } from '../../src/domain/ids.ts';

/** A request id as the tables in memory keep it. */
export const requestIdIn = (hex: string | null | undefined): RequestId | undefined =>
  hex ? parseRequestId(hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')) : undefined;
