// What the programme's page of culinary businesses shows, from a log-in to rows:
//   SERIBU_EMAIL=… SERIBU_PASSWORD=… npm run example
import { Refused, Seribu, type Schemas } from './seribu.js';

const url = process.env['SERIBU_URL'] ?? 'http://127.0.0.1:8080';

async function logIn(email: string, password: string): Promise<Seribu> {
  const { body } = await new Seribu(url).call('post', '/v1/auth/login', { body: { email, password } });
  return new Seribu(url, body.access_token);
}

async function* culinary(seribu: Seribu): AsyncGenerator<Schemas['BusinessWithStanding']> {
  for (let cursor: string | undefined | null; cursor !== null; ) {
    const { body } = await seribu.call('get', '/v1/businesses', {
      query: { subsector: ['kuliner'], include: ['standing'], limit: 100, ...(cursor ? { cursor } : {}) },
    });
    yield* body.data;
    cursor = body.next_cursor ?? null;
  }
}

try {
  const seribu = await logIn(process.env['SERIBU_EMAIL'] ?? '', process.env['SERIBU_PASSWORD'] ?? '');
  for await (const business of culinary(seribu)) {
    console.log(business.number, business.name, business.standing?.size_class ?? '');
  }
} catch (error) {
  if (!(error instanceof Refused)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
