import { type Answer, answerOf, type Fetched } from './answer.ts';

export type Pages<Item> = AsyncGenerator<Answer<readonly Item[]>, void>;

interface Page<Item> {
  readonly data: Item[];
  readonly nextCursor: string | null;
}

type Cursor = { readonly cursor?: string };

/** A problem is the last that is told. */
export async function* pages<Item>(read: (cursor: Cursor) => Promise<Fetched<Page<Item>>>): Pages<Item> {
  let cursor: Cursor | undefined = {};
  while (cursor) {
    const answer: Answer<Page<Item>> = await answerOf(read(cursor));
    if (!answer.ok) return yield answer;
    const { data, nextCursor }: Page<Item> = answer.data;
    yield { ...answer, data };
    cursor = nextCursor === null ? undefined : { cursor: nextCursor };
  }
}
