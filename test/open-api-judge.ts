import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Document, OpenAPIBackend, type ParsedRequest } from 'openapi-backend';
import type { JournalEntry } from '../src/simulators/wire.ts';

const SPEC = resolve(import.meta.dirname, '../../shared/specs/jira-cloud-v3.normalised.json');

/** Why the judge cannot sit; `undefined` when it can. For `describe.skipIf` and the reason in a test's name. */
export const judgeIsAbsent: string | undefined = existsSync(SPEC)
  ? undefined
  : 'skipped: the OpenAPI of Jira Cloud is not at hand';

export interface OpenApiJudge {
  /** What Atlassian's OpenAPI of Jira Cloud v3 says against a request and its answer; empty when all is well. */
  judge(entry: JournalEntry): string[];
}

/** Paths of the API, with or without the gateway's prefix; anything else in a journal is not judged. */
const API_PATH = /^(?:\/ex\/jira\/[^/]+)?(\/rest\/api\/3\/.*)$/;

/** Statuses that every operation may answer although the specification does not say so. */
const ANYWHERE = [401, 403, 404, 410, 415, 429, 500, 502, 503, 504];

/**
 * Makes the judge. A request that the simulator refused is not held against the request: what is judged there is the
 * answer alone. Answers that a fault invented are not judged.
 */
export async function openApiJudge(): Promise<OpenApiJudge> {
  const definition = JSON.parse(readFileSync(SPEC, 'utf8')) as Document;
  const api = new OpenAPIBackend({ definition, quick: true, ajvOpts: { strict: false, logger: false } });
  await api.init();
  return { judge: (entry) => judgeEntry(api, entry) };
}

function judgeEntry(api: OpenAPIBackend, entry: JournalEntry): string[] {
  const [, path] = API_PATH.exec(entry.path) ?? [];
  if (path === undefined || entry.fault !== undefined) return [];
  const request = toRequest(entry, path);
  const operation = api.matchOperation(request);
  const where = `${entry.method} ${entry.path}`;
  if (!operation?.operationId) return entry.status === 410 ? [] : [`${where}: no such operation`];
  const wrong: string[] = [];
  if (entry.status < 400) {
    const { errors } = api.validateRequest(request, operation);
    for (const error of errors ?? []) wrong.push(`${where}: request ${error.instancePath} ${error.message}`);
  }
  return [...wrong, ...judgeAnswer(api, entry, operation.operationId)];
}

function judgeAnswer(api: OpenAPIBackend, { method, path, status, answer }: JournalEntry, operation: string): string[] {
  const where = `${method} ${path}: answer ${status}`;
  const declared = api.router.getOperation(operation)?.responses ?? {};
  if (!(status in declared)) return ANYWHERE.includes(status) ? [] : [`${where} is not declared`];
  if (answer === undefined || answer === '' || status === 204 || status >= 400) return [];
  const { errors } = api.validateResponse(JSON.parse(answer), operation, status);
  return (errors ?? []).map((error) => `${where} ${error.instancePath} ${error.message}`);
}

function toRequest({ method, body, contentType }: JournalEntry, target: string): ParsedRequest {
  const [path = '', search = ''] = target.split('?');
  const query: Record<string, string | string[]> = {};
  for (const name of new Set(new URLSearchParams(search).keys())) {
    const values = new URLSearchParams(search).getAll(name);
    query[name] = values.length === 1 ? (values[0] ?? '') : values;
  }
  const headers = contentType === undefined ? {} : { 'content-type': contentType };
  return {
    method,
    path,
    headers,
    query,
    ...(body === undefined ? {} : { body: JSON.parse(body), requestBody: JSON.parse(body) }),
  } as ParsedRequest;
}
