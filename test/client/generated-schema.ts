import openapiTs, { astToString } from 'openapi-typescript';
import { documentation, serverOf } from '../http/fakes.ts';

/**
 * The contract as types, generated from the OpenAPI document of all routes; src/client/schema.ts must equal
 * it.
 */
export const generatedSchema = async (): Promise<string> => {
  const app = serverOf({ documentation });
  try {
    const { body } = await app.inject('/openapi.json');
    const nodes = await openapiTs(body);
    return `// Generated from the OpenAPI document by \`npm run client\`; not written by hand.\n${astToString(nodes)}`;
  } finally {
    await app.close();
  }
};
