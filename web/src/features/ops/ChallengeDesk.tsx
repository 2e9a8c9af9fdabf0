import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api, body, idempotent, type Schemas } from '@/api/client';
import { usePages } from '@/api/pages';
import { dateTime } from '@/texts/format';
import { Badge, Button, Dialog, ErrorState, Field, Skeleton, TextArea, useFieldError } from '@/ui';

/** Themes: set, and called off. */
export function ChallengeDesk() {
  const { t } = useTranslation('ops');
  const [making, setMaking] = useState(false);
  const [cancelling, setCancelling] = useState<Schemas['ChallengeView'] | null>(null);
  const list = usePages(['ops', 'challenges'], cursor => body(api.GET('/api/admin/challenges', { params: { query: { cursor, limit: 30 } } })));
  return (
    <section aria-labelledby="themes" className="card flex flex-col gap-3 p-5">
      <header className="flex flex-wrap items-center justify-between gap-3"><h2 id="themes" className="text-lg font-bold">{t('themes.title')}</h2><Button look="primary" icon={Plus} onClick={() => setMaking(true)}>{t('themes.make')}</Button></header>
      {list.isPending && <Skeleton className="h-40" />}
      {list.isError && <ErrorState inline error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && !list.items.length && <p className="text-sm text-muted">{t('themes.none')}</p>}
      <ul className="flex flex-col divide-y divide-line">
        {list.items.map(one => (
          <li key={one.id} className="flex flex-wrap items-center gap-x-4 gap-y-2 py-2 text-sm">
            <div className="min-w-0 flex-1 basis-52"><Link to={`/challenges/${one.id}`} className="block truncate font-bold hover:underline">{one.title}</Link><p className="text-xs text-muted">{`${dateTime(one.opensAt)} – ${dateTime(one.closesAt)}`}</p></div>
            <Badge tone={one.status === 'open' ? 'good' : 'plain'}>{t(`themes.is.${one.status}`)}</Badge>
            {(one.status === 'open' || one.status === 'scheduled') && <Button look="danger" onClick={() => setCancelling(one)}>{t('themes.cancel')}</Button>}
          </li>
        ))}
      </ul>
      {list.hasNextPage && <Button onClick={list.more}>{t('more')}</Button>}
      {making && <Make onClose={() => setMaking(false)} />}
      {cancelling && <CallOff challenge={cancelling} onClose={() => setCancelling(null)} />}
    </section>
  );
}

function useRefresh(onClose: () => void) {
  const client = useQueryClient();
  return () => {
    for (const key of [['ops', 'challenges'], ['challenges']]) void client.invalidateQueries({ queryKey: key });
    onClose();
  };
}

function Make({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('ops');
  const [key] = useState(() => crypto.randomUUID());
  const make = useMutation({
    mutationFn: (wanted: Schemas['ChallengeRequest']) => body(api.POST('/api/admin/challenges', { body: wanted, headers: idempotent(key) })),
    onSuccess: useRefresh(onClose),
  });
  const fieldError = useFieldError();
  const time = (value: FormDataEntryValue | null) => (value ? new Date(value as string).toISOString() : null);
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    make.mutate({ title: form.get('title') as string, description: form.get('description') as string, opensAt: time(form.get('opensAt')), closesAt: time(form.get('closesAt')) });
  }
  return (
    <Dialog open onOpenChange={onClose} title={t('themes.make')} description={t('themes.hint')}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Field label={t('themes.name')} name="title" maxLength={120} required error={fieldError(make.error, 'title')} />
        <TextArea label={t('themes.description')} name="description" rows={4} maxLength={4000} required error={fieldError(make.error, 'description')} />
        <Field label={t('themes.opensAt')} name="opensAt" type="datetime-local" error={fieldError(make.error, 'opensAt')} />
        <Field label={t('themes.closesAt')} name="closesAt" type="datetime-local" error={fieldError(make.error, 'closesAt')} />
        {make.error && <ErrorState inline error={make.error} />}
        <Button type="submit" look="primary" busy={make.isPending}>{t('themes.make')}</Button>
      </form>
    </Dialog>
  );
}

function CallOff({ challenge, onClose }: { challenge: Schemas['ChallengeView']; onClose: () => void }) {
  const { t } = useTranslation('ops');
  const cancel = useMutation({
    mutationFn: (reason: string) => body(api.POST('/api/admin/challenges/{id}/cancel', { params: { path: { id: challenge.id } }, body: { reason } })),
    onSuccess: useRefresh(onClose),
  });
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    cancel.mutate(new FormData(event.currentTarget).get('reason') as string);
  }
  return (
    <Dialog open onOpenChange={onClose} title={t('themes.cancelTitle', { title: challenge.title })} description={t('themes.cancelHint')}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Field label={t('themes.reason')} name="reason" maxLength={500} required />
        {cancel.error && <ErrorState inline error={cancel.error} />}
        <Button type="submit" look="danger" busy={cancel.isPending}>{t('themes.cancel')}</Button>
      </form>
    </Dialog>
  );
}
