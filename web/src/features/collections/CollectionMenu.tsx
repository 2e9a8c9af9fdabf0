import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ChartNoAxesColumn, CircleArrowDown, ListEnd, Pencil, Trash2, UserPlus, UserX } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { api, body, idempotent } from '@/api/client';
import { keepTrack } from '@/offline/tracks';
import { addLast } from '@/player/player';
import type { Track } from '@/player/track';
import { number } from '@/texts/format';
import { Button, Dialog, ErrorState, Field, IconButton, Menu, Select, Skeleton, toast, useProblemText } from '@/ui';
import type { Collection } from './live';

/** What can be done with a collection as a whole. Names, order, editors and figures are its owner's. */
export function CollectionMenu({ collection, tracks, onChanged }: { collection: Collection; tracks: Track[]; onChanged: () => Promise<unknown> }) {
  const { t } = useTranslation(['collections', 'common']);
  const problemText = useProblemText();
  const [open, setOpen] = useState<'edit' | 'editors' | 'stats' | 'delete' | null>(null);
  const close = () => setOpen(null);
  const mine = collection.mine === true;
  async function keepAll() {
    try {
      for (const track of tracks) await keepTrack(track);
      toast(t('kept', { count: tracks.length }));
    } catch (error) {
      toast(problemText(error).title);
    }
  }
  return (
    <>
      <Menu
        label={t('common:more')}
        items={[
          { label: t('queue'), icon: ListEnd, onSelect: () => addLast(tracks), hidden: !tracks.length },
          { label: t('common:offline.keep'), icon: CircleArrowDown, onSelect: () => void keepAll(), hidden: !tracks.length },
          { label: t('edit'), icon: Pencil, onSelect: () => setOpen('edit'), hidden: !mine },
          { label: t('editors.title'), icon: UserPlus, onSelect: () => setOpen('editors'), hidden: !mine },
          { label: t('stats.title'), icon: ChartNoAxesColumn, onSelect: () => setOpen('stats'), hidden: !mine },
          { label: t('common:delete'), icon: Trash2, danger: true, onSelect: () => setOpen('delete'), hidden: !mine },
        ]}
      />
      {open === 'edit' && <Edit collection={collection} onClose={close} onChanged={onChanged} />}
      {open === 'editors' && <Editors collection={collection} onClose={close} onChanged={onChanged} />}
      {open === 'stats' && <Stats id={collection.id} onClose={close} />}
      {open === 'delete' && <Delete collection={collection} onClose={close} />}
    </>
  );
}

interface Props { collection: Collection; onClose: () => void; onChanged: () => Promise<unknown> }

function Edit({ collection, onClose, onChanged }: Props) {
  const { t } = useTranslation(['collections', 'common']);
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: (to: { title: string; visibility: 'private' | 'public'; order: 'manual' | 'votes' }) => body(api.PATCH('/api/collections/{id}', { params: { path: { id: collection.id } }, body: to })),
    onSuccess: async () => {
      void client.invalidateQueries({ queryKey: ['collections'] });
      await onChanged();
      onClose();
    },
  });
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    save.mutate({ title: form.get('title') as string, visibility: form.get('visibility') as 'private', order: form.get('order') as 'manual' });
  }
  return (
    <Dialog open onOpenChange={onClose} title={t('edit')}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Field label={t('title')} name="title" defaultValue={collection.title} maxLength={120} required />
        <Select label={t('visibility.label')} name="visibility" defaultValue={collection.visibility}>{(['private', 'public'] as const).map(one => <option key={one} value={one}>{t(`visibility.${one}Long`)}</option>)}</Select>
        <Select label={t('order.label')} name="order" defaultValue={collection.order}>{(['manual', 'votes'] as const).map(one => <option key={one} value={one}>{t(`order.${one}`)}</option>)}</Select>
        {save.error && <ErrorState inline error={save.error} />}
        <Button type="submit" look="primary" busy={save.isPending}>{t('common:save')}</Button>
      </form>
    </Dialog>
  );
}

function Editors({ collection, onClose, onChanged }: Props) {
  const { t } = useTranslation('collections');
  const path = { id: collection.id };
  const add = useMutation({
    mutationFn: (username: string) => api.POST('/api/collections/{id}/editors', { params: { path }, body: { username }, headers: idempotent() }),
    onSuccess: onChanged,
  });
  const remove = useMutation({
    mutationFn: (username: string) => api.DELETE('/api/collections/{id}/editors/{username}', { params: { path: { ...path, username } } }),
    onSuccess: onChanged,
  });
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    add.mutate((new FormData(form).get('username') as string).trim(), { onSuccess: () => form.reset() });
  }
  const error = add.error ?? remove.error;
  return (
    <Dialog open onOpenChange={onClose} title={t('editors.title')} description={t('editors.hint')}>
      <ul className="flex flex-col gap-1">
        {collection.editors.map(editor => (
          <li key={editor.username} className="flex items-center gap-2">
            <span className="min-w-0 flex-1 truncate font-semibold">{editor.displayName}</span>
            <IconButton icon={UserX} label={t('editors.remove', { name: editor.displayName })} disabled={remove.isPending} onClick={() => remove.mutate(editor.username)} />
          </li>
        ))}
      </ul>
      {error && <ErrorState inline error={error} />}
      <form onSubmit={submit} className="flex items-end gap-2">
        <Field label={t('editors.username')} name="username" required className="flex-1" />
        <Button type="submit" icon={UserPlus} busy={add.isPending}>{t('editors.add')}</Button>
      </form>
    </Dialog>
  );
}

function Stats({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation('collections');
  const stats = useQuery({ queryKey: ['collection', id, 'stats'], queryFn: () => body(api.GET('/api/collections/{id}/stats', { params: { path: { id } } })) });
  const most = Math.max(1, ...(stats.data?.days.map(day => day.plays) ?? []));
  return (
    <Dialog open onOpenChange={onClose} title={t('stats.title')}>
      {stats.isPending && <Skeleton className="h-40" />}
      {stats.isError && <ErrorState inline error={stats.error} onRetry={() => void stats.refetch()} />}
      {stats.data && (
        <>
          <dl className="grid grid-cols-2 gap-3 sm:grid-cols-4">
            {(['plays', 'listeners', 'votes', 'voters'] as const).map(one => <div key={one} className="flex flex-col-reverse"><dt className="text-xs text-muted">{t(`stats.${one}`)}</dt><dd className="font-display text-2xl font-bold">{number(stats.data[one])}</dd></div>)}
          </dl>
          <svg role="img" aria-label={t('stats.days', { count: stats.data.plays })} viewBox={`0 0 ${stats.data.days.length * 4} 40`} preserveAspectRatio="none" className="h-20 w-full text-cyan">
            {stats.data.days.map((day, index) => <rect key={day.day} x={index * 4} width={3} y={40 - Math.max(1, (day.plays / most) * 40)} height={Math.max(1, (day.plays / most) * 40)} fill="currentColor" />)}
          </svg>
          <ul className="flex flex-col gap-1 text-sm">{stats.data.contributors.map(one => <li key={one.member.username} className="flex justify-between gap-3"><span className="truncate">{one.member.displayName}</span><span className="text-muted">{t('items', { count: one.items })}</span></li>)}</ul>
        </>
      )}
    </Dialog>
  );
}

function Delete({ collection, onClose }: { collection: Collection; onClose: () => void }) {
  const { t } = useTranslation(['collections', 'common']);
  const client = useQueryClient();
  const navigate = useNavigate();
  const remove = useMutation({
    mutationFn: () => api.DELETE('/api/collections/{id}', { params: { path: { id: collection.id } } }),
    onSuccess: async () => {
      void client.invalidateQueries({ queryKey: ['collections'] });
      toast(t('deleted', { title: collection.title }));
      await navigate('/collections');
    },
  });
  return (
    <Dialog open onOpenChange={onClose} title={t('deleteTitle', { title: collection.title })} description={t('deleteHint')}>
      {remove.error && <ErrorState inline error={remove.error} />}
      <div className="flex flex-wrap justify-end gap-2">
        <Button look="quiet" onClick={onClose}>{t('common:cancel')}</Button>
        <Button look="danger" busy={remove.isPending} onClick={() => remove.mutate()}>{t('common:delete')}</Button>
      </div>
    </Dialog>
  );
}
