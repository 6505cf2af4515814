// Typed calls by plain fetch: paths, parameters, bodies and answers are those of the OpenAPI document.
import type { components, paths } from './schema.js';

export type Schemas = components['schemas'];
type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';
type PathWith<M extends Method> = { [P in keyof paths]: paths[P][M] extends object ? P : never }[keyof paths];
type Content<T> = T extends { content: infer C } ? C[keyof C] : undefined;
type Done<R> = { [S in keyof R & (200 | 201)]: Content<R[S]> }[keyof R & (200 | 201)];

type Asked<O> = (O extends { parameters: { path: infer P } } ? { path: P } : unknown) &
  (O extends { parameters: { query: infer Q } } ? { query: Q } : unknown) &
  (O extends { parameters: { query?: infer Q } } ? { query?: Q } : unknown) &
  (O extends { requestBody: infer B } ? { body: Content<B> } : unknown) & { headers?: Record<string, string> };

export interface Answer<T> {
  status: number;
  headers: Headers;
  body: T;
}

/** What the service refused, and why (RFC 9457). */
export class Refused extends Error {
  constructor(readonly problem: Schemas['Problem']) {
    super([problem.detail, ...(problem.errors ?? []).map((flaw) => `${flaw.pointer} ${flaw.detail}`)].join('; '));
  }
}

export class Seribu {
  constructor(
    readonly url: string,
    readonly token?: string,
    readonly language: 'id' | 'en' = 'id',
  ) {}

  /** Asks for JSON. Writes need a key of the caller's to be repeated safely: send `Idempotency-Key`. */
  async call<M extends Method, P extends PathWith<M>>(
    method: M,
    path: P,
    asked: Asked<paths[P][M]>,
  ): Promise<Answer<paths[P][M] extends { responses: infer R } ? Done<R> : never>> {
    const { path: names = {}, query = {}, body, headers } = asked as {
      path?: Record<string, string>;
      query?: Record<string, unknown>;
      body?: unknown;
      headers?: Record<string, string>;
    };
    const url = new URL(path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(names[name] ?? '')), this.url);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined && value !== null) url.searchParams.set(name, String(value));
    }
    const answer = await this.fetch(url, {
      method: method.toUpperCase(),
      headers: { 'Content-Type': method === 'patch' ? 'application/merge-patch+json' : 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const given = answer.status === 204 ? undefined : await answer.json();
    return { status: answer.status, headers: answer.headers, body: given };
  }

  /** For what is no JSON. */
  async fetch(path: string | URL, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set('Accept-Language', this.language);
    if (this.token) headers.set('Authorization', `Bearer ${this.token}`);
    const answer = await fetch(new URL(path, this.url), { ...init, headers });
    if (!answer.ok) throw new Refused((await answer.json()) as Schemas['Problem']);
    return answer;
  }
}
