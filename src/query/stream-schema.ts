import Type from 'typebox';

/** What calls that answer with server-sent events have in common. */
export const streamHeadersSchema = Type.Object({
  'last-event-id': Type.Optional(
    Type.String({ description: 'The id of the last event that was seen: that state is not sent again.' }),
  ),
});

export const streamResponse = (description: string) => ({
  description,
  content: { 'text/event-stream': { schema: Type.String() } },
});
