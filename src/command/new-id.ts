import { newUuidText, parseRequestId, parseShowId, type RequestId, type ShowId } from '../domain/ids.ts';
import type { CommandOptions } from './options.ts';

type Making = Pick<CommandOptions, 'clock' | 'random'>;

/** 62 random bits beside time and partition: a show id is public and belongs to nobody. */
export const newShowId = (partition: number, making: Making): ShowId =>
  sure(parseShowId(newText(partition, making)));

/** Names a request about what is there already; nobody is ever asked for it. */
export const newRequestId = (partition: number, making: Making): RequestId =>
  sure(parseRequestId(newText(partition, making)));

const newText = (partition: number, { clock, random }: Making): string =>
  newUuidText({ timeMs: clock.nowMs(), partition, tail: hex32(random()) + hex32(random()) });

const hex32 = (share: number): string =>
  Math.floor(share * 2 ** 32)
    .toString(16)
    .padStart(8, '0');

const sure = <Id>(id: Id | undefined): Id => {
  if (id === undefined) throw new Error('a new id has to be an id');
  return id;
};
