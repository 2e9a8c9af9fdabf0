import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Copy, KeyRound } from 'lucide-react';
import { type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { api, body } from '@/api/client';
import { usePages } from '@/api/pages';
import { ApiError } from '@/api/problem';
import { Badge, Button, ButtonLink, EmptyState, ErrorState, Field, IconButton, RelativeTime, Select, Skeleton, toast, useFieldError } from '@/ui';
import { Card } from './Card';

/** Keys for programs. The key itself is in one answer only. */
export function ApiKeys() {
  const { t } = useTranslation('settings');
  const client = useQueryClient();
  const keys = usePages(['api-keys'], cursor => body(api.GET('/api/auth/keys', { params: { query: { cursor } } })));
  const refresh = () => client.invalidateQueries({ queryKey: ['api-keys'] });
  const fieldError = useFieldError();
  const make = useMutation({ mutationFn: (wanted: { name: string; scopes: string[] }) => body(api.POST('/api/auth/keys', { body: wanted })), onSuccess: refresh });
  const revoke = useMutation({ mutationFn: (id: string) => api.DELETE('/api/auth/keys/{id}', { params: { path: { id } } }), onSuccess: refresh });
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    make.mutate({ name: String(form.get('name')).trim(), scopes: String(form.get('scopes')).split(' ') });
    event.currentTarget.reset();
  }
  const refused = [keys.error, make.error].find(error => error instanceof ApiError && error.status === 403);
  if (refused) return <EmptyState icon={KeyRound} text={t('keys.tier')} action={<ButtonLink to="/pricing" look="primary">{t('common:nav.pricing')}</ButtonLink>} />;
  return (
    <Card title={t('keys.title')} hint={t('keys.hint')}>
      <form onSubmit={submit} className="flex flex-wrap items-end gap-3">
        <Field label={t('keys.name')} name="name" maxLength={60} required className="min-w-0 flex-1 basis-48" error={fieldError(make.error, 'name')} />
        <Select label={t('keys.may')} name="scopes"><option value="read write">{t('keys.readWrite')}</option><option value="read">{t('keys.read')}</option></Select>
        <Button type="submit" look="primary" busy={make.isPending}>{t('keys.make')}</Button>
      </form>
      {make.data && (
        <div role="status" className="flex flex-col gap-2 rounded-xl border border-cyan/60 p-4">
          <p className="text-sm font-semibold">{t('keys.once')}</p>
          <p className="flex items-center gap-2"><code className="min-w-0 flex-1 text-sm break-all">{make.data.key}</code><IconButton icon={Copy} label={t('copy')} onClick={() => void navigator.clipboard.writeText(make.data.key).then(() => toast(t('copied')))} /></p>
        </div>
      )}
      {make.error && !fieldError(make.error, 'name') && <ErrorState inline error={make.error} />}
      {keys.isPending && <Skeleton className="h-20" />}
      {keys.isError && <ErrorState inline error={keys.error} onRetry={() => void keys.refetch()} />}
      {keys.isSuccess && keys.items.length === 0 && <p className="text-sm text-muted">{t('keys.none')}</p>}
      <ul className="flex flex-col divide-y divide-line">
        {keys.items.map(key => (
          <li key={key.id} className="flex flex-wrap items-center gap-3 py-2">
            <div className="min-w-0 flex-1 basis-40">
              <p className="flex flex-wrap items-center gap-2 font-semibold">{key.name}<code className="text-xs text-muted">{key.hint}</code></p>
              <p className="flex flex-wrap items-center gap-1 text-xs text-muted">{key.lastUsedAt ? <>{t('keys.used')} <RelativeTime at={key.lastUsedAt} /></> : t('keys.unused')}{key.scopes.map(scope => <Badge key={scope}>{scope}</Badge>)}</p>
            </div>
            <Button look="danger" busy={revoke.isPending && revoke.variables === key.id} onClick={() => revoke.mutate(key.id)}>{t('keys.revoke')}</Button>
          </li>
        ))}
      </ul>
      {keys.hasNextPage && <Button onClick={keys.more} busy={keys.isFetchingNextPage}>{t('more')}</Button>}
      {revoke.error && <ErrorState inline error={revoke.error} />}
    </Card>
  );
}
