import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api, body } from '@/api/client';
import { usePages } from '@/api/pages';
import { number } from '@/texts/format';
import { Button, Dialog, ErrorState, Skeleton } from '@/ui';
import { AlvaeBadge } from '../alvae/AlvaeBadge';
import { Avatar } from './Avatar';

/** A count that opens the list of who is counted. */
export function People({ username, which, count }: { username: string; which: 'followers' | 'following'; count: number }) {
  const { t } = useTranslation('profile');
  const [open, setOpen] = useState(false);
  const name = t(`stats.${which}`, { count });
  return (
    <div>
      <dt className="sr-only">{name}</dt>
      <dd>
        <button type="button" onClick={() => setOpen(true)} className="inline-flex min-h-11 items-center gap-1.5 text-sm text-muted hover:text-text">
          <span className="font-display text-lg font-bold text-text">{number(count)}</span>{name}
        </button>
        <Dialog open={open} onOpenChange={setOpen} title={name}>{open && <List username={username} which={which} close={() => setOpen(false)} />}</Dialog>
      </dd>
    </div>
  );
}

function List({ username, which, close }: { username: string; which: 'followers' | 'following'; close: () => void }) {
  const { t } = useTranslation('profile');
  const people = usePages(['profile', username, which], cursor => body(api.GET(`/api/profiles/{username}/${which}`, { params: { path: { username }, query: { cursor, limit: 50 } } })));
  if (people.isPending) return <Skeleton className="h-32" />;
  if (people.isError) return <ErrorState inline error={people.error} onRetry={() => void people.refetch()} />;
  if (people.items.length === 0) return <p className="text-muted">{t('nobody')}</p>;
  return (
    <ul className="flex flex-col">
      {people.items.map(member => (
        <li key={member.username}>
          <Link to={`/u/${member.username}`} onClick={close} className="flex min-h-14 items-center gap-3 rounded-xl px-2 hover:bg-raised">
            <Avatar src={member.avatarUrl} name={member.displayName} border={member.border} className="size-10" />
            <span className="min-w-0 flex-1"><span className="block truncate font-bold">{member.displayName}</span><span className="block truncate text-xs text-muted">{`@${member.username}`}</span></span>
            {member.alvae && <AlvaeBadge level={member.alvae} />}
          </Link>
        </li>
      ))}
      {people.hasNextPage && <li><Button onClick={people.more} busy={people.isFetchingNextPage}>{t('more')}</Button></li>}
    </ul>
  );
}
