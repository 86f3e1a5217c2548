import openapiTs, { astToString } from 'openapi-typescript';
import { documentation, serverOf } from '../http/fakes.ts';

/** The contract as types, from the OpenAPI document of all routes: what src/client/schema.ts has to be. */
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
