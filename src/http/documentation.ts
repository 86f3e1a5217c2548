import swagger, { type FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyPluginAsync, FastifySchema, onRequestHookHandler } from 'fastify';
import type { Identity } from './identity/identity.ts';
import { optionalBody } from './message/fields.ts';
import { problemResponses } from './problems/problem-responses.ts';
import { isProblemCode, type ProblemCode, problems } from './problems/problems.ts';
import { sendProblem } from './problems/send-problem.ts';

export interface Documentation {
  /** The version of onsale. */
  readonly version: string;
  readonly securitySchemes: Identity['securitySchemes'];
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The problems a route may answer with; OpenAPI lists them by status. */
    problems?: readonly ProblemCode[];
  }
}

const description =
  'Reservations for the minute when everybody comes at once: decided in the order they came, never oversold, never lost. Errors are RFC 9457 problems; GET their `type` for an explanation.';

/** /openapi.json (3.1, of the routes that are mounted after this), /docs and /problems/<code>. */
export const documentation = ({ version, securitySchemes }: Documentation): FastifyPluginAsync => {
  const register: FastifyPluginAsync = async (app) => {
    await app.register(swagger, {
      openapi: {
        openapi: '3.1.0',
        info: { title: 'onsale', version, description, license: { name: 'MIT', identifier: 'MIT' } },
        components: { securitySchemes: { ...securitySchemes } },
        tags: [
          { name: 'shows', description: 'What is on sale.' },
          { name: 'reservations', description: 'One customer’s own.' },
          { name: 'decisions', description: 'Everything that was decided, for other systems.' },
        ],
      },
      convertConstToEnum: false,
      refResolver: { buildLocalReference: ({ $id }, _base, _fragment, n) => String($id ?? `schema-${n}`) },
      transformObject: (document) =>
        'openapiObject' in document ? withOptionalBodies(document.openapiObject) : document.swaggerObject,
      transform: ({ schema, url, route }) => ({
        schema: withProblems(schema, problemsOf(schema, route.config?.problems)),
        url,
      }),
    });
    await app.register(swaggerUi, {
      routePrefix: '/docs',
      uiHooks: { onRequest: noCache },
      theme: { title: 'onsale API' },
      // The bar at the top is left out: its logo has an inline style, which no strict policy allows.
      uiConfig: { layout: 'BaseLayout' },
      staticCSP: pagePolicy,
    });
    await app.register(problemPages);
    let text: string | undefined;
    app.get('/openapi.json', { schema: { hide: true } }, async (_request, reply) => {
      text ??= JSON.stringify(app.swagger());
      return reply.header('cache-control', 'no-cache').type('application/json; charset=utf-8').send(text);
    });
  };
  // This plugin is not encapsulated, because its hook must see the routes that are registered next to it.
  return Object.assign(register, { [Symbol.for('skip-override')]: true });
};

/** The next answer may come from another version of onsale. */
const noCache: onRequestHookHandler = (_request, reply, done) => {
  reply.header('cache-control', 'no-cache');
  done();
};

/**
 * Allows what /docs needs: files of this origin, calls to it, and the pictures in its style sheet. It
 * contains nothing about TLS, because TLS may be terminated by a proxy or not be used at all.
 */
const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * The problems that the route names, those of every call, and those of every call that identifies its caller.
 */
const problemsOf = (
  schema: FastifySchema | undefined,
  named: readonly ProblemCode[] = [],
): readonly ProblemCode[] => {
  if (named.length === 0) return named;
  return [...new Set([...named, ...(schema?.security ? whereIdentified : []), 'too-many-requests' as const])];
};

const whereIdentified = [
  'unauthenticated',
  'forbidden',
  'overloaded',
] as const satisfies readonly ProblemCode[];

type Document = Extract<
  Parameters<NonNullable<FastifyDynamicSwaggerOptions['transformObject']>>[0],
  { openapiObject: unknown }
>['openapiObject'];

/** The generator marks every body as required. */
const withOptionalBodies = (document: Document): Document => {
  for (const path of Object.values(document.paths ?? {})) {
    const body = path?.post?.requestBody;
    if (!body || !('content' in body)) continue;
    const schema = body.content['application/json']?.schema ?? {};
    if (Object.keys(optionalBody).every((mark) => mark in schema)) body.required = false;
  }
  return document;
};

/**
 * Problems are added here and not in the routes, so that no serializer is compiled for them: they are sent as
 * text.
 */
const withProblems = (schema: FastifySchema, codes: readonly ProblemCode[]): FastifySchema => ({
  ...schema,
  response: { ...Object(schema?.response), ...problemResponses(codes) },
});

/** GET on a problem's `type` explains it to the person who found it in a log. */
const problemPages: FastifyPluginAsync = async (app) => {
  app.get<{ Params: { code: string } }>(
    '/problems/:code',
    { schema: { hide: true } },
    async (request, reply) => {
      const { code } = request.params;
      if (!isProblemCode(code))
        return sendProblem(reply, { code: 'not-found', detail: 'There is no such problem.' });
      return reply.header('cache-control', 'max-age=3600').type('text/html; charset=utf-8').send(page(code));
    },
  );
};

// All texts come from the table of problems, so nothing needs escaping.
const page = (code: ProblemCode): string => {
  const { status, title, explanation } = problems[code];
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>${code}</title>
<h1>${title}</h1>
<p><code>${code}</code>, HTTP ${status}</p>
<p>${explanation}</p>
</html>
`;
};
