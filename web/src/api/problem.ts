/** Why a field needs another value: `fields.json` of the texts has words for each code. */
export interface FieldReason { code: string; min?: number; max?: number }

/** What the API answers when it refuses (RFC 9457), as an error that pages can show. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail?: string;
  traceId?: string;
  errors?: Record<string, string[]>;
  reasons?: Record<string, FieldReason>;
  [extension: string]: unknown;
}

const prefix = 'https://son1kvers3.dev/problems/';

export class ApiError extends Error {
  /** The last part of the problem's type: `quota-exceeded`, `not-found`, … Texts are looked up by it. */
  readonly slug: string;

  constructor(readonly problem: Problem, readonly retryAfterSeconds?: number) {
    super(problem.detail ?? problem.title);
    this.name = 'ApiError';
    this.slug = problem.type.startsWith(prefix) ? problem.type.slice(prefix.length) : bySlug[problem.status] ?? 'unknown';
  }

  get status() {
    return this.problem.status;
  }

  get reasons() {
    return this.problem.reasons ?? {};
  }

  get fieldErrors() {
    return this.problem.errors ?? {};
  }
}

/** No answer came: the network is away or the server is down. */
export class OfflineError extends Error {
  readonly slug = 'offline';
}

const bySlug: Record<number, string> = { 401: 'unauthorized', 403: 'forbidden', 404: 'not-found', 429: 'rate-limited', 503: 'unavailable' };

export async function problemOf(response: Response): Promise<ApiError> {
  const text = await response.text();
  let problem: Problem = { type: 'about:blank', title: response.statusText, status: response.status };
  if (response.headers.get('content-type')?.includes('json'))
    problem = { ...problem, ...(JSON.parse(text) as Partial<Problem>) };
  return new ApiError(problem, secondsOf(response.headers.get('retry-after')));
}

export function secondsOf(retryAfter: string | null, now = Date.now()): number | undefined {
  if (!retryAfter) return undefined;
  const seconds = /^\d+$/.test(retryAfter) ? Number(retryAfter) : Math.ceil((Date.parse(retryAfter) - now) / 1000);
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds);
}
