import Type from 'typebox';
import { problemCodes } from './problems.ts';

/** RFC 9457, plus `code`, on which clients can switch. */
export const problemSchema = Type.Object(
  {
    type: Type.String({
      format: 'uri-reference',
      description: '/problems/<code>; GET it for an explanation.',
    }),
    title: Type.String(),
    status: Type.Integer({ minimum: 400, maximum: 599 }),
    detail: Type.String({ description: 'What happened here, and what to do next.' }),
    instance: Type.Optional(Type.String({ format: 'uri-reference' })),
    code: Type.Unsafe<string>({ type: 'string', enum: [...problemCodes] }),
    errors: Type.Optional(
      Type.Array(
        Type.Object({
          pointer: Type.String({
            description: '#/… into the body, ?name for a query parameter, or a header name.',
          }),
          detail: Type.String(),
        }),
      ),
    ),
    poolId: Type.Optional(Type.String({ description: 'The pool that stood in the way.' })),
    mayReturn: Type.Optional(
      Type.Boolean({ description: 'Places are only held by others and may come back.' }),
    ),
    trace_id: Type.Optional(
      Type.String({
        description:
          'Of the trace that is kept of this request, where one is: name it when you ask for help.',
      }),
    ),
  },
  { $id: 'Problem' },
);
