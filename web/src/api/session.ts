import { create } from 'zustand';
import { missed } from '@/offline/connection';
import { tellServer } from './cookie';
import { OfflineError, problemOf } from './problem';
import type { components } from './schema';

export type Me = components['schemas']['MeDto'];

interface Session {
  /** `unknown` until the first refresh has answered. */
  status: 'unknown' | 'visitor' | 'member';
  me: Me | null;
}

export const useSession = create<Session>(() => ({ status: 'unknown', me: null }));

const hint = 'son1k.signed-in';
/** Who was here last, so that the app opens at once, and without a network. */
const known = 'son1k.me';
const channel = new BroadcastChannel('son1k.session');
let token: { value: string; expiresAt: number } | null = null;
let refreshing: Promise<string | null> | null = null;

/** The access token: in memory only, fetched anew a minute before it ends. Null for a visitor. */
export async function accessToken(): Promise<string | null> {
  if (useSession.getState().status === 'visitor') return null;
  if (token && token.expiresAt - Date.now() > 60_000) return token.value;
  return refresh();
}

/** Asks for the next token by the httpOnly cookie. One tab at a time, and once for all callers in this tab. `refused` is one that no longer counts. */
export function refresh(refused?: string): Promise<string | null> {
  if (refused && token?.value === refused) token = null;
  refreshing ??= (async () => {
    try {
      return await navigator.locks.request('son1k.refresh', exchange);
    } finally {
      refreshing = null;
    }
  })();
  return refreshing;
}

async function exchange(): Promise<string | null> {
  // Another caller has fetched one while this one waited for the lock.
  if (token && token.expiresAt - Date.now() > 60_000) return token.value;
  let response: Response;
  try {
    response = await fetch('/api/auth/refresh', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
  } catch {
    missed();
    throw new OfflineError('No answer');
  }
  if (response.status === 401) {
    forget();
    return null;
  }
  if (!response.ok) throw await problemOf(response);
  const answer = (await response.json()) as components['schemas']['Refreshed'];
  keep(answer.accessToken, answer.expiresIn);
  return answer.accessToken;
}

function keep(value: string, expiresIn: number) {
  token = { value, expiresAt: Date.now() + expiresIn * 1000 };
  localStorage.setItem(hint, '1');
  tellServer(hint, '1');
}

export async function signIn(answer: { accessToken: string; expiresIn: number }) {
  keep(answer.accessToken, answer.expiresIn);
  await loadMe();
  channel.postMessage('signed-in');
}

export async function signOut() {
  const bearer = token?.value;
  await fetch('/api/auth/logout', { method: 'POST', headers: { 'content-type': 'application/json', ...(bearer && { authorization: `Bearer ${bearer}` }) }, body: '{}' });
  forget();
  channel.postMessage('signed-out');
}

function forget() {
  token = null;
  localStorage.removeItem(hint);
  tellServer(hint, null);
  localStorage.removeItem(known);
  useSession.setState({ status: 'visitor', me: null });
}

/** Who is here. Called once at start: somebody who never signed in here costs no request. */
export async function start() {
  channel.onmessage = message => {
    if (message.data === 'signed-out') forget();
    else void loadMe();
  };
  if (!localStorage.getItem(hint)) {
    useSession.setState({ status: 'visitor' });
    return;
  }
  // Who was here last is here still, until the answer says otherwise: pages needn't wait for it.
  const last = localStorage.getItem(known);
  if (last) useSession.setState({ status: 'member', me: JSON.parse(last) as Me });
  try {
    await loadMe();
  } catch (error) {
    if (!(error instanceof OfflineError) || !last) throw error;
  }
}

export async function loadMe() {
  const bearer = token?.value ?? (await refresh());
  if (!bearer) return;
  const response = await fetch('/api/auth/me', { headers: { authorization: `Bearer ${bearer}` } }).catch(() => {
    throw new OfflineError('No answer');
  });
  if (!response.ok) throw await problemOf(response);
  const me = (await response.json()) as Me;
  localStorage.setItem(known, JSON.stringify(me));
  useSession.setState({ status: 'member', me });
}
