import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Bell, CheckCheck } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { api, body } from '@/api/client';
import { usePages } from '@/api/pages';
import { useSharedStream } from '@/streams/shared';
import { Button, EmptyState, ErrorState, Skeleton, Tabs, usePageTitle } from '@/ui';
import { NotificationRow } from './NotificationRow';
import { Preferences } from './Preferences';

export default function Notifications() {
  const { t } = useTranslation('notifications');
  usePageTitle(t('notifications.title'));
  const [params, setParams] = useSearchParams();
  const tab = params.get('tab') === 'preferences' ? 'preferences' : 'list';
  return (
    <div className="page flex max-w-3xl flex-col gap-5">
      <h1 className="text-3xl font-bold">{t('notifications.title')}</h1>
      <Tabs
        label={t('notifications.title')} value={tab} onChange={value => setParams(value === 'list' ? {} : { tab: value }, { replace: true })}
        tabs={[{ value: 'list', label: t('tab.list'), content: <List /> }, { value: 'preferences', label: t('tab.preferences'), content: <Preferences /> }]}
      />
    </div>
  );
}

function List() {
  const { t } = useTranslation('notifications');
  const client = useQueryClient();
  const list = usePages(['notifications', 'list'], cursor => body(api.GET('/api/notifications', { params: { query: { cursor, limit: 30 } } })));
  useSharedStream('/api/notifications/stream', () => void client.invalidateQueries({ queryKey: ['notifications'] }));
  const unread = list.items.filter(one => !one.read).map(one => one.id);
  const read = useMutation({
    mutationFn: (ids: string[]) => body(api.POST('/api/notifications/read', { body: { ids } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['notifications'] }),
  });
  if (list.isPending) return <div className="flex flex-col gap-2">{Array.from({ length: 6 }, (_, i) => <Skeleton key={i} className="h-18" />)}</div>;
  if (list.isError) return <ErrorState error={list.error} onRetry={() => void list.refetch()} />;
  if (list.items.length === 0) return <EmptyState icon={Bell} text={t('none')} />;
  return (
    <div className="flex flex-col gap-3">
      {unread.length > 0 && <Button className="self-end" icon={CheckCheck} busy={read.isPending} onClick={() => read.mutate(unread.slice(0, 100))}>{t('readAll')}</Button>}
      <ul className="flex flex-col gap-2">{list.items.map(one => <NotificationRow key={one.id} notification={one} onOpen={() => !one.read && read.mutate([one.id])} />)}</ul>
      {list.hasNextPage && <Button className="self-center" onClick={list.more} busy={list.isFetchingNextPage}>{t('more')}</Button>}
    </div>
  );
}
