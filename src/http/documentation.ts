import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyPluginAsync, FastifySchema } from 'fastify';
import type { Identity } from './identity.ts';
import { problemPages } from './problem-pages.ts';
import { problemResponses } from './problem-responses.ts';
import type { ProblemCode } from './problems.ts';

export interface Documentation {
  /** Of onsale itself. */
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
        ],
      },
      convertConstToEnum: false,
      refResolver: { buildLocalReference: ({ $id }, _base, _fragment, n) => String($id ?? `schema-${n}`) },
      transform: ({ schema, url, route }) => ({
        schema: withProblems(schema, route.config?.problems ?? []),
        url,
      }),
    });
    await app.register(swaggerUi, {
      routePrefix: '/docs',
      staticCSP: true,
      transformStaticCSP: withoutUpgrade,
    });
    await app.register(problemPages);
    let text: string | undefined;
    app.get('/openapi.json', { schema: { hide: true } }, async (_request, reply) => {
      text ??= JSON.stringify(app.swagger());
      return reply.type('application/json; charset=utf-8').send(text);
    });
  };
  // Not a room of its own: its hook has to see the routes registered next to it.
  return Object.assign(register, { [Symbol.for('skip-override')]: true });
};

// Whether there is TLS in front is not ours to say; without it the page would ask for its parts in vain.
const withoutUpgrade = (policy: string): string => policy.replace(' upgrade-insecure-requests;', '');

/** Added here and not in the routes, so that no serializer is compiled for what is sent as text. */
const withProblems = (schema: FastifySchema, codes: readonly ProblemCode[]): FastifySchema => ({
  ...schema,
  response: { ...Object(schema?.response), ...problemResponses(codes) },
});
