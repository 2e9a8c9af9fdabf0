import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ArrowLeftRight, Gift, Pencil, Trash2 } from 'lucide-react';
import { lazy, Suspense, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { api, body, idempotent } from '@/api/client';
import { amend } from '@/player/player';
import { dateTime } from '@/texts/format';
import { Button, Dialog, ErrorState, Field, Menu, Select, Skeleton, toast, useProblemText } from '@/ui';
import type { Generation } from '../generator/jobs';
import { deleteLater } from './deleteLater';

const ContributeDialog = lazy(() => import('../pool/ContributeDialog'));

/** What only the one who made it can do. */
export function OwnerMenu({ generation, contributed }: { generation: Generation; contributed: boolean }) {
  const { t } = useTranslation(['track', 'common']);
  const navigate = useNavigate();
  const problemText = useProblemText();
  const client = useQueryClient();
  const [dialog, setDialog] = useState<'edit' | 'contribute' | 'swap' | null>(null);
  const id = generation.id!;
  const standing = useQuery({ queryKey: ['pool', 'me'], queryFn: () => body(api.GET('/api/community/me')), enabled: contributed });
  const latest = standing.data?.latest;
  const swappable = contributed && latest?.generationId === id && !latest.claimed && new Date(latest.swapUntil!) > new Date();
  const close = () => setDialog(null);
  const refresh = () => Promise.all([['generations', id], ['track', id], ['pool'], ['library']].map(queryKey => client.invalidateQueries({ queryKey })));

  function remove() {
    const undo = deleteLater(id, error => {
      const { title, hint } = problemText(error);
      toast(`${title}. ${hint}`, { seconds: 10 });
    });
    toast(t('deleted', { title: generation.title }), { seconds: 8, action: { label: t('common:undo'), run: () => { undo(); void navigate(`/t/${id}`); } } });
    void navigate('/library');
  }
  return (
    <>
      <Menu
        label={t('common:more')}
        items={[
          { label: t('owner.edit'), icon: Pencil, onSelect: () => setDialog('edit') },
          { label: t('owner.contribute'), icon: Gift, hidden: contributed || generation.kind !== 'original', onSelect: () => setDialog('contribute') },
          { label: t('owner.swap'), icon: ArrowLeftRight, hidden: !swappable, onSelect: () => setDialog('swap') },
          { label: t('common:delete'), icon: Trash2, danger: true, onSelect: remove },
        ]}
      />
      {dialog === 'edit' && <Edit generation={generation} onClose={close} onDone={refresh} />}
      {dialog === 'contribute' && <Suspense><ContributeDialog id={id} onClose={close} /></Suspense>}
      {dialog === 'swap' && <Swap id={id} until={latest!.swapUntil!} onClose={close} onDone={refresh} />}
    </>
  );
}

interface Props { onClose: () => void; onDone: () => Promise<unknown> }

function Edit({ generation, onClose, onDone }: Props & { generation: Generation }) {
  const { t } = useTranslation(['track', 'common']);
  const save = useMutation({
    mutationFn: (change: { title: string; visibility: 'private' | 'unlisted' | 'public' }) => api.PATCH('/api/generations/{id}', { params: { path: { id: generation.id! } }, body: change }),
    onSuccess: async (_, change) => {
      amend(generation.id!, { title: change.title });
      await onDone();
      onClose();
    },
  });
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    save.mutate({ title: form.get('title') as string, visibility: form.get('visibility') as 'private' });
  }
  return (
    <Dialog open onOpenChange={onClose} title={t('owner.edit')}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Field label={t('owner.title')} name="title" defaultValue={generation.title} maxLength={120} required />
        <Select label={t('owner.visibility')} name="visibility" defaultValue={generation.visibility}>
          {(['private', 'unlisted', 'public'] as const).map(one => <option key={one} value={one}>{t(`visibilityLong.${one}`)}</option>)}
        </Select>
        {save.error && <ErrorState inline error={save.error} />}
        <Button type="submit" look="primary" busy={save.isPending}>{t('common:save')}</Button>
      </form>
    </Dialog>
  );
}

function Swap({ id, until, onClose, onDone }: Props & { id: string; until: string }) {
  const { t } = useTranslation('track');
  const [key] = useState(() => crypto.randomUUID());
  const own = useQuery({ queryKey: ['library', 'for-swap'], queryFn: () => body(api.GET('/api/generations', { params: { query: { status: 'completed', limit: 50 } } })) });
  const swap = useMutation({
    mutationFn: (other: string) => body(api.POST('/api/community/pool/{id}/swap', { params: { path: { id } }, body: { generationId: other }, headers: idempotent(key) })),
    onSuccess: async () => {
      toast(t('owner.swapped'));
      await onDone();
      onClose();
    },
  });
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    swap.mutate(new FormData(event.currentTarget).get('other') as string);
  }
  const choices = own.data?.items?.filter(one => one.id !== id && one.kind === 'original') ?? [];
  return (
    <Dialog open onOpenChange={onClose} title={t('owner.swap')} description={t('owner.swapHint', { until: dateTime(until) })}>
      {own.isPending && <Skeleton className="h-20" />}
      {own.isSuccess && (
        <form onSubmit={submit} className="flex flex-col gap-4">
          <Select label={t('owner.swapFor')} name="other" required>{choices.map(one => <option key={one.id} value={one.id}>{one.title}</option>)}</Select>
          {swap.error && <ErrorState inline error={swap.error} />}
          <Button type="submit" look="primary" disabled={!choices.length} busy={swap.isPending}>{t('owner.swap')}</Button>
        </form>
      )}
    </Dialog>
  );
}
