import type { Answer } from './answer.ts';

type ListName = 'listReservations' | 'listShows';

export type Pages<Name extends ListName, Item> = AsyncGenerator<
  Answer<Name, { readonly 200: readonly Item[] }>,
  void
>;

interface Page<Item> {
  readonly data: Item[];
  readonly nextCursor: string | null;
}

type Cursor = { readonly cursor?: string };

/** Yields page after page; if a problem occurs, it is the last value. */
export async function* pages<Name extends ListName, Item>(
  read: (cursor: Cursor) => Promise<Answer<Name, { readonly 200: Page<Item> }>>,
): Pages<Name, Item> {
  let cursor: Cursor | undefined = {};
  while (cursor) {
    const answer: Answer<Name, { readonly 200: Page<Item> }> = await read(cursor);
    if (!answer.ok) return yield answer;
    const { data, nextCursor }: Page<Item> = answer.data;
    yield { ...answer, data };
    cursor = nextCursor === null ? undefined : { cursor: nextCursor };
  }
}
