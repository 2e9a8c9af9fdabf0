import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api, body, type Schemas } from '@/api/client';
import { usePages } from '@/api/pages';
import { useSession } from '@/api/session';
import { dateTime } from '@/texts/format';
import { Badge, Button, Dialog, ErrorState, Field, Skeleton, useTyped } from '@/ui';

/** Members by name or address: allowance, what was done for them, and who is an operator (the founder decides). */
export function MemberCare() {
  const { t } = useTranslation('ops');
  const [typed, type] = useTyped('q');
  const q = useDeferredValue(typed);
  const users = usePages(['ops', 'users', q], cursor => body(api.GET('/api/admin/users', { params: { query: { q: q || undefined, cursor, limit: 30 } } })));
  const [open, setOpen] = useState<Schemas['UserView'] | null>(null);
  return (
    <div className="flex flex-col gap-4">
      <Field label={t('members.search')} type="search" maxLength={100} value={typed} onChange={event => type(event.target.value)} className="max-w-md" />
      {users.isPending && <Skeleton className="h-60" />}
      {users.isError && <ErrorState error={users.error} onRetry={() => void users.refetch()} />}
      {users.isSuccess && users.items.length === 0 && <p className="text-muted">{t('members.none')}</p>}
      <ul className="flex flex-col gap-2">
        {users.items.map(user => (
          <li key={user.id} className="card flex flex-wrap items-center gap-3 px-4 py-3 text-sm">
            <div className="min-w-0 flex-1 basis-52"><Link to={`/u/${user.username}`} className="font-bold hover:underline">{user.displayName}</Link> <span className="text-muted">{`@${user.username}`}</span><p className="truncate text-muted">{user.email}</p></div>
            <Badge tone="cyan">{user.tier}</Badge>
            {user.alvaeId && <Badge tone="gold">{user.alvaeId}</Badge>}
            {user.roles.includes('operator') && <Badge tone="violet">{t('members.operator')}</Badge>}
            {!user.emailVerified && <Badge tone="warn">{t('members.unverified')}</Badge>}
            <Button onClick={() => setOpen(user)}>{t('members.open')}</Button>
          </li>
        ))}
      </ul>
      {users.hasNextPage && <Button className="self-center" onClick={users.more} busy={users.isFetchingNextPage}>{t('more')}</Button>}
      <Dialog open={open !== null} onOpenChange={next => !next && setOpen(null)} title={open?.displayName ?? ''} shape="sheet">{open && <MemberSheet user={open} />}</Dialog>
    </div>
  );
}

function MemberSheet({ user }: { user: Schemas['UserView'] }) {
  const { t } = useTranslation('ops');
  const client = useQueryClient();
  const me = useSession(state => state.me);
  const limits = useQuery({ queryKey: ['ops', 'limits', user.id], queryFn: () => body(api.GET('/api/admin/users/{userId}/limits', { params: { path: { userId: user.id } } })) });
  const audit = usePages(['ops', 'audit', user.id], cursor => body(api.GET('/api/admin/users/{userId}/audit', { params: { path: { userId: user.id }, query: { cursor } } })));
  const operator = user.roles.includes('operator');
  const change = useMutation({
    mutationFn: () => (operator ? api.DELETE('/api/admin/users/{id}/operator', { params: { path: { id: user.id } } }) : api.PUT('/api/admin/users/{id}/operator', { params: { path: { id: user.id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['ops', 'users'] }),
  });
  const founder = me?.alvae?.level === 'FOUNDER';
  return (
    <>
      <p className="font-mono text-xs break-all text-muted">{user.id}</p>
      <p className="text-sm text-muted">{t('members.since', { date: dateTime(user.createdAt, { dateStyle: 'long' }) })}</p>
      {limits.isPending && <Skeleton className="h-16" />}
      {limits.isError && <ErrorState inline error={limits.error} />}
      {limits.data && <p className="text-sm">{t('members.allowance', { allowance: limits.data.allowance, used: limits.data.used, reserved: limits.data.reserved, limit: limits.data.limit ?? '∞' })}</p>}
      <h3 className="font-bold">{t('members.audit')}</h3>
      {audit.isSuccess && audit.items.length === 0 && <p className="text-sm text-muted">{t('members.noAudit')}</p>}
      <ul className="flex flex-col divide-y divide-line text-sm">{audit.items.map(entry => <li key={entry.id} className="py-2"><p className="font-semibold">{entry.action}</p><p className="break-words text-muted">{entry.at && dateTime(entry.at)} · {entry.reason} {entry.detail}</p></li>)}</ul>
      {founder && user.id !== me?.id && <Button look={operator ? 'danger' : 'secondary'} busy={change.isPending} onClick={() => change.mutate()}>{t(operator ? 'members.unmakeOperator' : 'members.makeOperator')}</Button>}
      {change.error && <ErrorState inline error={change.error} />}
    </>
  );
}
