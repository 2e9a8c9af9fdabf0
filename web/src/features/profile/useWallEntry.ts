import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api, body, type Schemas } from '@/api/client';
import { pieces } from '@/api/pieces';
import { change } from '@/offline/outbox';
import { needsTexts } from '@/texts/i18n';
import { toast, useProblemText } from '@/ui';

needsTexts('profile');

/** What its owner may do with a card of the wall. Archiving can be undone in the toast. */
export function useWallEntry() {
  const { t } = useTranslation('profile');
  const client = useQueryClient();
  const words = useProblemText();
  const onSuccess = () => client.invalidateQueries({ queryKey: ['wall'] });
  const onError = (error: unknown) => toast(words(error).title);
  const patch = useMutation({
    mutationFn: ({ id, ...to }: { id: string } & Schemas['WallPatch']) => change({ subject: `wall:${id}:${Object.keys(to)}`, method: 'PATCH', path: `/api/wall/${id}`, body: to }),
    onSuccess, onError,
  });
  const visibility = useMutation({
    mutationFn: ({ id, visibility }: { id: string; visibility: Schemas['Visibility'] }) => body(api.PATCH('/api/generations/{id}', { params: { path: { id } }, body: { visibility } })),
    onSuccess: (_, { visibility }) => {
      toast(t(`visibility.now.${visibility}`));
      // The wall hears of it by an event, a moment later.
      setTimeout(() => void onSuccess(), 700);
    },
    onError,
  });
  const archive = (ids: string[], archived: boolean) => bulk.mutate({ ids, archived });
  const bulk = useMutation({
    // One request takes a hundred.
    mutationFn: ({ ids, archived }: { ids: string[]; archived: boolean }) => Promise.all(pieces(ids).map(piece => change({ subject: `archive:${piece}`, method: 'PATCH', path: '/api/wall', body: { ids: piece, archived } }))),
    onSuccess: (_, { ids, archived }) => {
      void onSuccess();
      toast(t(archived ? 'archived' : 'unarchived', { count: ids.length }), { action: { label: t('common:undo'), run: () => archive(ids, !archived) } });
    },
    onError,
  });
  return { pin: (id: string, pinned: boolean) => patch.mutate({ id, pinned }), archive, setVisibility: (id: string, to: Schemas['Visibility']) => visibility.mutate({ id, visibility: to }) };
}
