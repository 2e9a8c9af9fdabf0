import { problemOf } from '@/api/problem';
import { accessToken, refresh } from '@/api/session';
import { missed } from '@/offline/connection';
import { EventParser, type ServerEvent } from './parse';

/** Reads a stream until `signal` ends it: by fetch with the bearer, resumed after the last stored event, at growing distances. */
export async function readStream(path: string, signal: AbortSignal, onEvent: (event: ServerEvent) => void) {
  let last: string | undefined;
  for (let failures = 0; !signal.aborted; failures++) {
    let wait = Math.min(30, 2 ** failures);
    try {
      const response = await open(path, last, signal);
      if (response.status === 404 || response.status === 403) return;
      if (!response.ok) {
        const problem = await problemOf(response);
        wait = problem.retryAfterSeconds ?? wait;
        throw problem;
      }
      await consume(response, event => {
        failures = 0;
        last = event.id ?? last;
        onEvent(event);
      });
    } catch (error) {
      if (signal.aborted) return;
      console.info('Stream', path, 'opens again', error);
      missed();
    }
    await pause(wait * 1000, signal);
  }
}

async function open(path: string, last: string | undefined, signal: AbortSignal) {
  const ask = (token: string | null) => fetch(path, { signal, cache: 'no-store', headers: { accept: 'text/event-stream', ...(token && { authorization: `Bearer ${token}` }), ...(last && { 'last-event-id': last }) } });
  const token = await accessToken();
  const response = await ask(token);
  return response.status === 401 ? ask(await refresh(token ?? undefined)) : response;
}

async function consume(response: Response, onEvent: (event: ServerEvent) => void) {
  const parser = new EventParser();
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read())
    parser.push(value!).forEach(onEvent);
}

const pause = (milliseconds: number, signal: AbortSignal) => new Promise<void>(resolve => {
  const timer = setTimeout(resolve, milliseconds);
  signal.addEventListener('abort', () => { clearTimeout(timer); resolve(); }, { once: true });
});
