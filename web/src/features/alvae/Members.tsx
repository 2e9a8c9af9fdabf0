import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api, body } from '@/api/client';
import { usePages } from '@/api/pages';
import { Button, ErrorState, Skeleton } from '@/ui';
import { AlvaeBadge } from './AlvaeBadge';

export function Members() {
  const { t } = useTranslation('alvae');
  const members = usePages(['alvae', 'members'], cursor => body(api.GET('/api/alvae/members', { params: { query: { cursor, limit: 50 } } })));
  if (members.isPending) return <Skeleton className="h-40" />;
  if (members.isError) return <ErrorState error={members.error} onRetry={() => void members.refetch()} />;
  if (members.items.length === 0) return <p className="text-muted">{t('noMembers')}</p>;
  return (
    <div className="flex flex-col gap-3">
      <ul className="grid gap-2 sm:grid-cols-2">
        {members.items.map(member => (
          <li key={member.alvaeId}>
            <Link to={`/u/${member.username}`} className="card flex min-h-14 flex-wrap items-center justify-between gap-2 px-4 py-2 hover:border-muted"><span className="min-w-0 truncate font-bold">{member.displayName}</span><AlvaeBadge level={member.level} alvaeId={member.alvaeId} /></Link>
          </li>
        ))}
      </ul>
      {members.hasNextPage && <Button className="self-center" onClick={members.more} busy={members.isFetchingNextPage}>{t('more')}</Button>}
    </div>
  );
}
