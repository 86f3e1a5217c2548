import { newUuidText, parseShowId, type ShowId } from '../domain/ids.ts';
import type { Random } from '../domain/ports.ts';

/** 62 random bits beside time and partition: a show id is public and belongs to nobody. */
export const newShowId = (
  { timeMs, partition }: { timeMs: number; partition: number },
  random: Random,
): ShowId => {
  const text = newUuidText({ timeMs, partition, tail: hex32(random) + hex32(random) });
  const id = parseShowId(text);
  if (!id) throw new Error(`not a show id: ${text}`);
  return id;
};

const hex32 = (random: Random): string =>
  Math.floor(random() * 2 ** 32)
    .toString(16)
    .padStart(8, '0');
