import createClient from 'openapi-fetch';
import { missed, reached } from '@/offline/connection';
import { OfflineError, problemOf } from './problem';
import type { components, paths } from './schema';
import { accessToken, refresh } from './session';

export type Schemas = components['schemas'];

/** Bearer on every call; an access token that ran out is renewed and the call made once more; what is refused is thrown as an ApiError. */
export async function call(request: Request): Promise<Response> {
  const again = request.clone();
  const token = await accessToken();
  const response = await attempt(request, token);
  if (response.ok) return response;
  const problem = await problemOf(response);
  const renewed = problem.slug === 'unauthorized' && token ? await refresh(token) : null;
  if (!renewed) throw problem;
  const second = await attempt(again, renewed);
  if (!second.ok) throw await problemOf(second);
  return second;
}

async function attempt(request: Request, token: string | null) {
  if (token) request.headers.set('authorization', `Bearer ${token}`);
  try {
    const response = await fetch(request);
    reached();
    return response;
  } catch (error) {
    if (request.signal.aborted) throw error;
    missed();
    throw new OfflineError('No answer');
  }
}

export const api = createClient<paths>({ baseUrl: location.origin, fetch: call });

/** The body of an answer: `const tiers = await body(api.GET('/api/tiers'))`. Refusals are thrown before this. */
export async function body<T>(call: Promise<{ data?: T }>): Promise<T> {
  return (await call).data as T;
}

/** A header for POSTs that create or spend: keep the same key for each retry of the same intention. */
export const idempotent = (key: string = crypto.randomUUID()) => ({ 'Idempotency-Key': key });
