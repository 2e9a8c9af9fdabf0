import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { api, body as answerOf, idempotent, type Schemas } from '@/api/client';
import { ApiError } from '@/api/problem';
import { addJob } from './jobs';
import { forgetSent, keepSent, readSent, type Body, type Sent } from './store';

export type Accepted = Schemas['AcceptedView'];

interface State {
  busy: boolean;
  error: unknown;
  /** Sent or about to be when the page was left, and no answer was seen: sending it again makes nothing twice. */
  unanswered: Sent | null;
}

/** The same words under the same key, other words under a new one. */
export const keyFor = (body: Body, last: Sent | null | undefined) => (last && JSON.stringify(last.body) === JSON.stringify(body) ? last.key : crypto.randomUUID());

/** Whether a refusal is final. Others may have been heard by the server, or will pass: the key stays for the next try. */
const isFinal = (error: unknown) => error instanceof ApiError && error.status < 500 && error.status !== 409 && error.status !== 429 && error.status !== 401;

/** Asks for a song once, whatever happens on the way: double clicks, lost answers and reloads use the same key. */
export function useGeneration(onAccepted: (accepted: Accepted) => void) {
  const client = useQueryClient();
  const [state, setState] = useState<State>({ busy: false, error: null, unanswered: null });
  const running = useRef(false);

  useEffect(() => {
    let gone = false;
    readSent().then(sent => !gone && sent && setState(old => ({ ...old, unanswered: sent })), (error: unknown) => console.warn('Drafts are not readable', error));
    return () => {
      gone = true;
    };
  }, []);

  const send = useCallback(async (body: Body) => {
    if (running.current) return;
    running.current = true;
    setState(old => ({ ...old, busy: true, error: null }));
    try {
      const sent = { key: keyFor(body, await readSent()), body, at: Date.now() };
      await keepSent(sent);
      const accepted = await answerOf(api.POST('/api/generations', { body, headers: idempotent(sent.key) }));
      await forgetSent();
      addJob(accepted as Schemas['GenerationView']);
      void client.invalidateQueries({ queryKey: ['limits'] });
      setState({ busy: false, error: null, unanswered: null });
      onAccepted(accepted);
    } catch (error) {
      if (isFinal(error)) await forgetSent();
      setState({ busy: false, error, unanswered: isFinal(error) || error instanceof ApiError ? null : (await readSent()) ?? null });
    } finally {
      running.current = false;
    }
  }, [client, onAccepted]);

  const discard = useCallback(async () => {
    await forgetSent();
    setState({ busy: false, error: null, unanswered: null });
  }, []);

  return { ...state, send, discard };
}
