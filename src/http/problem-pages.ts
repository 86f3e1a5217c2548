import type { FastifyPluginAsync } from 'fastify';
import { isProblemCode, type ProblemCode, problems } from './problems.ts';
import { sendProblem } from './send-problem.ts';

/** GET on a problem's `type` explains it to the person who found it in a log. */
export const problemPages: FastifyPluginAsync = async (app) => {
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

// All of it comes from the table: nothing to escape.
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
