import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { api, body, idempotent, type Schemas } from '@/api/client';
import { toast } from '@/ui';
import { addJob } from '../generator/jobs';

export type Kind = 'remix' | 'extend' | 'variations';
export type Wishes = Schemas['RemixRequest'] & Schemas['ExtendRequest'];

/** Asks for new songs once: the key stays for retries of the same wish, and changes with it. */
export function useRework(id: string, onDone: () => void) {
  const { t } = useTranslation('track');
  const client = useQueryClient();
  const last = useRef({ wish: '', key: '' });
  return useMutation({
    mutationFn: async ({ kind, wishes }: { kind: Kind; wishes: Wishes }) => {
      const wish = JSON.stringify([kind, wishes]);
      if (last.current.wish !== wish) last.current = { wish, key: crypto.randomUUID() };
      const options = { params: { path: { id } }, headers: idempotent(last.current.key) };
      if (kind === 'variations') return (await body(api.POST('/api/generations/{id}/variations', { ...options, body: wishes })))?.items ?? [];
      return [await body(kind === 'remix' ? api.POST('/api/generations/{id}/remix', { ...options, body: wishes }) : api.POST('/api/generations/{id}/extend', { ...options, body: wishes }))];
    },
    onSuccess: accepted => {
      last.current = { wish: '', key: '' };
      accepted.forEach(one => addJob(one as Schemas['GenerationView']));
      toast(t('rework.started', { count: accepted.length }));
      void client.invalidateQueries({ queryKey: ['limits'] });
      onDone();
    },
  });
}
