import { newUuidText, parseRequestId, parseShowId, type RequestId, type ShowId } from '../domain/ids.ts';
import type { Clock, Random } from '../domain/ports.ts';

export interface NewIdOptions {
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly random: Random;
}

/** 62 random bits beside time and partition, and no tag of an owner, because a show id is public. */
export const newShowId = (partition: number, options: NewIdOptions): ShowId =>
  sure(parseShowId(newText(partition, options)));

/** The id of a request about something that exists; it is never shown to a client. */
export const newRequestId = (partition: number, options: NewIdOptions): RequestId =>
  sure(parseRequestId(newText(partition, options)));

const newText = (partition: number, { clock, random }: NewIdOptions): string =>
  newUuidText({ timeMs: clock.nowMs(), partition, tail: hex32(random()) + hex32(random()) });

const hex32 = (share: number): string =>
  Math.floor(share * 2 ** 32)
    .toString(16)
    .padStart(8, '0');

const sure = <Id>(id: Id | undefined): Id => {
  if (id === undefined) throw new Error('a new id has to be an id');
  return id;
};
