import type { RequestId } from '../../src/domain/ids.ts';
import { requestIdIn as requestIdInRow } from '../../src/store/database/columns.ts';
import { binary } from './memory-store/parameters.ts';

/** A request id as the tables in memory keep it: in hex. */
export const requestIdIn = (hex: string | null | undefined): RequestId | undefined =>
  hex ? requestIdInRow({ id: binary(hex) }, 'id') : undefined;
