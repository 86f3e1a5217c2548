import { readFile } from 'node:fs/promises';
import { assert, suite } from '../support/suite.ts';
import { generatedSchema } from './generated-schema.ts';

const test = suite('client: its types');

test('they are those of the OpenAPI document: `npm run client` makes them so', async () => {
  const written = await readFile(new URL('../../src/client/schema.ts', import.meta.url), 'utf8');
  assert.is(written, await generatedSchema());
});
