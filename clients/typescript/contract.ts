// The twelve steps of ../README.md, by fetch with the document's types: SERIBU_URL, SERIBU_PILOT_CREDENTIALS (its file
// of log-ins) and SERIBU_CUTTING_PROXY (the address that ../cutting_proxy.py prints) come from the environment.
import assert from 'node:assert/strict';
import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Refused, Seribu, type Schemas } from './seribu.js';

interface Known {
  logins: { role: string; email: string; password: string }[];
  clients: { role: string; client_id: string; client_secret: string }[];
}

class Skipped extends Error {}

const url = process.env['SERIBU_URL'] ?? 'http://127.0.0.1:8080';
const logIns = process.env['SERIBU_PILOT_CREDENTIALS'] ?? 'data/pilot-credentials.json';
const known = JSON.parse(readFileSync(logIns, 'utf8')) as Known;
const run = randomUUID();
const fields = {
  kind: 'academic',
  full_name: `Kontrak ${run}`,
  email: `${run}@kampus.example`,
  expertise: ['legal'],
} satisfies Schemas['CreateMentor'];
let university: Seribu, programme: Seribu, cursor: string, mentor: Schemas['Mentor'];

async function tokenOf(client_id: string, client_secret: string): Promise<string> {
  const body = new URLSearchParams({ grant_type: 'client_credentials', client_id, client_secret });
  const answer = await new Seribu(url).fetch('/v1/auth/token', { method: 'POST', body });
  return ((await answer.json()) as Schemas['Tokens']).access_token;
}

async function refused(status: number, asking: Promise<unknown>): Promise<Schemas['Problem']> {
  const problem = await asking.then(
    () => assert.fail(`not refused with ${status}`),
    (error: unknown) => (error instanceof Refused ? error.problem : Promise.reject(error)),
  );
  assert.equal(problem.status, status, JSON.stringify(problem));
  return problem;
}

const act = (by: Seribu, body: Schemas['MoveMentor']) =>
  by.call('post', '/v1/mentors/{id}/transitions', { path: mentor, body, headers: { 'Idempotency-Key': randomUUID() } });
const read = () => university.call('get', '/v1/mentors/{id}', { path: mentor });

/** The types of the mentor's events after the cursor, once one of them is there. */
async function told(last: string): Promise<string[]> {
  const types: string[] = [];
  while (!types.includes(last)) {
    const query = { types: ['mentor'], after: cursor, wait: 5 };
    const { body } = await university.call('get', '/v1/changes', { query });
    assert.notEqual(body.data.length, 0, String(types));
    cursor = body.next_cursor;
    types.push(...body.data.filter((event) => event.subject_id === mentor.id).map((event) => event.type));
  }
  return types;
}

/** Standard Webhooks. */
function verified(secret: string, headers: IncomingHttpHeaders, body: string): boolean {
  const [id, sent, signatures] = ['id', 'timestamp', 'signature'].map((name) => String(headers[`webhook-${name}`]));
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const expected = Buffer.from('v1,' + createHmac('sha256', key).update(`${id}.${sent}.${body}`).digest('base64'));
  const fits = (one: Buffer) => one.length === expected.length && timingSafeEqual(one, expected);
  const recent = Math.abs(Date.now() / 1000 - Number(sent)) <= 300;
  return recent && signatures!.split(' ').some((one) => fits(Buffer.from(one)));
}

const steps: [string, () => Promise<void>][] = [
  ['log in', async () => {
    const client = known.clients.find((one) => one.role === 'institution')!;
    university = new Seribu(url, await tokenOf(client.client_id, client.client_secret), 'en');
    assert.equal((await university.call('get', '/v1/me', {})).body.role, 'institution');
    assert.equal((await refused(401, tokenOf(client.client_id, 'wrong'))).error, 'invalid_client');
    const { email, password } = known.logins.find((one) => one.role === 'programme')!;
    const { body } = await new Seribu(url).call('post', '/v1/auth/login', { body: { email, password } });
    programme = new Seribu(url, body.access_token, 'en');
    cursor = (await university.call('get', '/v1/changes/start', { query: { types: ['mentor'] } })).body.cursor;
  }],

  ['page', async () => {
    const ids = async (limit: number): Promise<string[]> => {
      const found: string[] = [];
      for (let cursor: string | null | undefined; cursor !== null; ) {
        const query = { limit, ...(cursor ? { cursor } : {}) };
        const { body } = await university.call('get', '/v1/institutions', { query });
        found.push(...body.data.map((one) => one.id));
        cursor = body.next_cursor ?? null;
      }
      return found;
    };
    const few = await ids(2);
    assert(few.length > 2);
    assert.deepEqual(few, await ids(200));
  }],

  ['create', async () => {
    const headers = { 'Idempotency-Key': randomUUID() };
    const made = await university.call('post', '/v1/mentors', { body: fields, headers });
    mentor = made.body;
    assert.deepEqual([made.status, made.headers.get('Location')], [201, `/v1/mentors/${mentor.id}`]);
    assert.equal((await read()).body.status, 'candidate');
  }],

  ['retry after a cut', async () => {
    const through = new Seribu(process.env['SERIBU_CUTTING_PROXY'] ?? '', university.token, 'en');
    const other = { ...fields, full_name: `Ulang ${run}`, email: `ulang.${run}@kampus.example` };
    const asked = { body: other, headers: { 'Idempotency-Key': randomUUID() } };
    await assert.rejects(through.call('post', '/v1/mentors', asked), TypeError);
    const again = await through.call('post', '/v1/mentors', asked);
    assert.deepEqual([again.status, again.headers.get('Idempotent-Replayed')], [201, 'true']);
    const found = await university.call('get', '/v1/mentors', { query: { q: other.full_name } });
    assert.deepEqual(found.body.data.map((one) => one.id), [again.body.id]);
  }],

  ['PATCH with a stale ETag', async () => {
    const etag = (await read()).headers.get('ETag')!;
    const patch = (titles: string) =>
      university.call('patch', '/v1/mentors/{id}', { path: mentor, body: { titles }, headers: { 'If-Match': etag } });
    assert.equal((await patch('S.H.')).body.version, 2);
    assert.equal((await refused(412, patch('M.H.'))).type, '/problems/stale');
    assert.equal((await read()).body.titles, 'S.H.');
  }],

  ['transition refused', async () => {
    await refused(403, act(university, { action: 'activate' }));
    const { body } = await university.call('get', '/v1/mentors/{id}/transitions', { path: mentor });
    assert.equal(body.available_actions.find((one) => one.action === 'activate')?.why_not, 'not_permitted');
  }],

  ['transition allowed', async () => {
    assert.equal((await act(programme, { action: 'activate' })).body.status, 'active');
    const problem = await refused(409, act(programme, { action: 'activate' }));
    assert.equal(problem.type, '/problems/not-possible');
    assert(problem.possible?.includes('leave'));
  }],

  ['changes from a cursor', async () => {
    assert.deepEqual(await told('mentor.active'), ['mentor.created', 'mentor.updated', 'mentor.active']);
  }],

  ['webhook received and verified', async () => {
    const document = (await (await new Seribu(url).fetch('/openapi.json')).json()) as { paths: object };
    if (!('/v1/webhooks' in document.paths)) throw new Skipped('the service has none');
    const receiver = createServer().listen(0, '127.0.0.1');
    try {
      await once(receiver, 'listening');
      const { port } = receiver.address() as AddressInfo;
      const hook = { url: `http://127.0.0.1:${port}`, types: ['mentor.created'], payload: 'thin' };
      const ask = (method: string, path: string, body?: object, headers?: Record<string, string>) =>
        university.fetch(path, {
          method,
          headers: { 'Content-Type': 'application/json', 'Idempotency-Key': randomUUID(), ...headers },
          ...(body ? { body: JSON.stringify(body) } : {}),
        });
      const answer = await ask('POST', '/v1/webhooks', hook).catch((error: unknown) => {
        const flaw = error instanceof Refused && error.problem.errors?.find((one) => one.pointer === '/url');
        throw flaw ? new Skipped(flaw.detail) : error;
      });
      const made = (await answer.json()) as { id: string; secret: string };
      const came = once(receiver, 'request', { signal: AbortSignal.timeout(20_000) });
      await ask('POST', `/v1/webhooks/${made.id}/test`, {});
      const [message, reply] = await came;
      const body = await text(message);
      reply.writeHead(204).end();
      assert(verified(made.secret, message.headers, body) && JSON.parse(body).type, body);
      assert(!verified(made.secret, message.headers, `${body} `));
      const etag = (await university.fetch(`/v1/webhooks/${made.id}`)).headers.get('ETag')!;
      await ask('DELETE', `/v1/webhooks/${made.id}`, undefined, { 'If-Match': etag });
    } finally {
      receiver.closeAllConnections();
      receiver.close();
    }
  }],

  ['export', async () => {
    const lines = (await (await university.fetch('/v1/exports/mentors')).text()).trim().split('\n');
    const copy = lines.map((line) => JSON.parse(line) as Schemas['Mentor']).find((one) => one.id === mentor.id);
    assert.deepEqual([copy?.version, copy?.titles], [3, 'S.H.']);
  }],

  ['problem page', async () => {
    const wrong = { ...fields, email: 'none', colour: 'red' };
    const problem = await refused(422, university.call('post', '/v1/mentors', { body: wrong }));
    assert.deepEqual(problem.errors?.map((flaw) => flaw.pointer), ['/email', '/colour']);
    assert.match(await (await new Seribu(url).fetch(problem.type)).text(), /<h1>/);
  }],

  ['ended record', async () => {
    assert.equal((await act(programme, { action: 'end', reason_code: 'affiliation_ended' })).body.status, 'ended');
    await refused(409, act(programme, { action: 'activate' }));
    assert.equal((await read()).body.status, 'ended');
    assert.deepEqual(await told('mentor.ended'), ['mentor.ended']);
  }],
];

for (const [index, [name, does]] of steps.entries()) {
  try {
    await does();
    console.log(`ok ${index + 1} ${name}`);
  } catch (error) {
    if (!(error instanceof Skipped)) {
      console.log(`failed: ${index + 1} ${name}: ${error}`);
      process.exit(1);
    }
    console.log(`skipped: ${index + 1} ${name}: ${error.message}`);
  }
}
