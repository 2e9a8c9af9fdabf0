import { useEffect, useRef } from 'react';
import { useSession } from '@/api/session';
import type { ServerEvent } from './parse';
import { readStream } from './read';

/** The two streams that a browser holds, whatever the number of its tabs: six open ones would stop every other request. */
export const shared = ['/api/generations/events', '/api/notifications/stream'] as const;
export type SharedStream = (typeof shared)[number];

type Message = { kind: 'event'; path: SharedStream; event: ServerEvent } | { kind: 'hello' };

const channel = new BroadcastChannel('son1k.streams');
const listeners = new Map<SharedStream, Set<(event: ServerEvent) => void>>(shared.map(path => [path, new Set()]));
/** What a tab that comes later has to hear: the last snapshot and what followed it. Each tab keeps it, since each may lead. */
const since = new Map<SharedStream, ServerEvent[]>();
const kept = 200;

function hear(path: SharedStream, event: ServerEvent) {
  const events = event.event === 'snapshot' ? [] : since.get(path) ?? [];
  since.set(path, [...events, event].slice(-kept));
  listeners.get(path)!.forEach(listener => listener(event));
}

/** Called once. The tab that gets the lock leads: it reads the streams and tells the other tabs; when it closes, another gets the lock. */
export function startStreams() {
  let leads = false;
  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    if (data.kind === 'event') hear(data.path, data.event);
    else if (leads) since.forEach((events, path) => events.forEach(event => channel.postMessage({ kind: 'event', path, event } satisfies Message)));
  };
  let stop: AbortController | null = null;
  const follow = (status: string) => {
    stop?.abort();
    stop = null;
    since.clear();
    if (status !== 'member') return;
    const mine = (stop = new AbortController());
    channel.postMessage({ kind: 'hello' } satisfies Message);
    navigator.locks.request('son1k.streams', { signal: mine.signal }, async () => {
      leads = true;
      await Promise.all(shared.map(path => readStream(path, mine.signal, event => {
        hear(path, event);
        channel.postMessage({ kind: 'event', path, event } satisfies Message);
      })));
      leads = false;
    }).catch((error: unknown) => {
      if (!mine.signal.aborted) throw error;
    });
  };
  follow(useSession.getState().status);
  useSession.subscribe((now, before) => {
    if (now.status !== before.status) follow(now.status);
  });
}

/** Listens to one of the shared streams: first the snapshot and what followed it, then each event. */
export function useSharedStream(path: SharedStream, onEvent: (event: ServerEvent) => void) {
  const latest = useRef(onEvent);
  latest.current = onEvent;
  useEffect(() => {
    const listener = (event: ServerEvent) => latest.current(event);
    since.get(path)?.forEach(listener);
    listeners.get(path)!.add(listener);
    return () => void listeners.get(path)!.delete(listener);
  }, [path]);
}

/** One more stream for the page in front (a collection, `/ops`): open only while the tab is seen. */
export function usePageStream(path: string | null, onEvent: (event: ServerEvent) => void) {
  const latest = useRef(onEvent);
  latest.current = onEvent;
  useEffect(() => {
    if (!path) return;
    let stop: AbortController | null = null;
    const look = () => {
      if (document.visibilityState === 'visible' && !stop) {
        stop = new AbortController();
        void readStream(path, stop.signal, event => latest.current(event));
      } else if (document.visibilityState !== 'visible') {
        stop?.abort();
        stop = null;
      }
    };
    look();
    document.addEventListener('visibilitychange', look);
    return () => {
      document.removeEventListener('visibilitychange', look);
      stop?.abort();
    };
  }, [path]);
}
