import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ListMusic, Plus } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { api, body, idempotent } from '@/api/client';
import { usePages } from '@/api/pages';
import { Button, cardGrid, CardSkeleton, Dialog, EmptyState, ErrorState, Field, Select, usePageTitle } from '@/ui';
import { CollectionCard } from './CollectionCard';

/** The member's own collections and those that they edit. */
export default function Collections() {
  const { t } = useTranslation('collections');
  usePageTitle(t('collections.title'));
  const [making, setMaking] = useState(false);
  const list = usePages(['collections', 'own'], cursor => body(api.GET('/api/collections', { params: { query: { limit: 50, cursor } } })));
  const button = <Button look="primary" icon={Plus} onClick={() => setMaking(true)}>{t('make')}</Button>;
  return (
    <div className="page flex flex-col gap-5">
      <header className="flex flex-wrap items-center justify-between gap-3">
        <div>
          <h1 className="text-3xl font-bold">{t('collections.title')}</h1>
          <p className="mt-1 text-muted">{t('lead')}</p>
        </div>
        {button}
      </header>
      {list.isPending && <div className={cardGrid} aria-busy>{Array.from({ length: 6 }, (_, i) => <CardSkeleton key={i} />)}</div>}
      {list.isError && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && list.items.length === 0 && <EmptyState icon={ListMusic} text={t('none')} action={button} />}
      <ul className={cardGrid}>{list.items.map(one => <li key={one.id}><CollectionCard collection={one} /></li>)}</ul>
      {list.hasNextPage && <Button className="self-center" busy={list.isFetchingNextPage} onClick={list.more}>{t('more')}</Button>}
      {making && <Make onClose={() => setMaking(false)} />}
    </div>
  );
}

function Make({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('collections');
  const client = useQueryClient();
  const navigate = useNavigate();
  const [key] = useState(() => crypto.randomUUID());
  const make = useMutation({
    mutationFn: (wanted: { title: string; visibility: 'private' | 'public'; order: 'manual' | 'votes' }) => body(api.POST('/api/collections', { body: wanted, headers: idempotent(key) })),
    onSuccess: async ({ id }) => {
      void client.invalidateQueries({ queryKey: ['collections'] });
      await navigate(`/c/${id}`);
    },
  });
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    make.mutate({ title: form.get('title') as string, visibility: form.get('visibility') as 'private', order: form.get('order') as 'manual' });
  }
  return (
    <Dialog open onOpenChange={onClose} title={t('make')}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Field label={t('title')} name="title" maxLength={120} required autoFocus />
        <Select label={t('visibility.label')} name="visibility">{(['private', 'public'] as const).map(one => <option key={one} value={one}>{t(`visibility.${one}Long`)}</option>)}</Select>
        <Select label={t('order.label')} name="order">{(['manual', 'votes'] as const).map(one => <option key={one} value={one}>{t(`order.${one}`)}</option>)}</Select>
        {make.error && <ErrorState inline error={make.error} />}
        <Button type="submit" look="primary" busy={make.isPending}>{t('make')}</Button>
      </form>
    </Dialog>
  );
}
