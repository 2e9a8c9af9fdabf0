import { useMutation, useQueryClient } from '@tanstack/react-query';
import { MonitorSmartphone } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { api, body } from '@/api/client';
import { usePages } from '@/api/pages';
import { Badge, Button, ErrorState, RelativeTime, Skeleton } from '@/ui';
import { Card } from './Card';
import { deviceName } from './deviceName';

export function Devices() {
  const { t } = useTranslation('settings');
  const client = useQueryClient();
  const devices = usePages(['devices'], cursor => body(api.GET('/api/auth/devices', { params: { query: { cursor } } })));
  const onSuccess = () => client.invalidateQueries({ queryKey: ['devices'] });
  const one = useMutation({ mutationFn: (id: string) => api.DELETE('/api/auth/devices/{id}', { params: { path: { id } } }), onSuccess });
  const others = useMutation({ mutationFn: () => api.DELETE('/api/auth/devices'), onSuccess });
  const error = one.error ?? others.error;
  return (
    <Card title={t('devices.title')} hint={t('devices.hint')}>
      {devices.isPending && <Skeleton className="h-24" />}
      {devices.isError && <ErrorState inline error={devices.error} onRetry={() => void devices.refetch()} />}
      <ul className="flex flex-col divide-y divide-line">
        {devices.items.map(device => (
          <li key={device.id} className="flex flex-wrap items-center gap-3 py-2">
            <MonitorSmartphone aria-hidden className="size-5 text-muted" />
            <div className="min-w-0 flex-1 basis-40"><p className="truncate text-sm font-semibold">{device.name ? deviceName(device.name) : t('devices.unknown')}</p><p className="text-xs text-muted">{device.address && `${device.address} · `}<RelativeTime at={device.lastUsedAt} /></p></div>
            {device.current ? <Badge tone="cyan">{t('devices.here')}</Badge> : <Button look="quiet" busy={one.isPending && one.variables === device.id} onClick={() => one.mutate(device.id)}>{t('devices.signOut')}</Button>}
          </li>
        ))}
      </ul>
      {devices.hasNextPage && <Button onClick={devices.more} busy={devices.isFetchingNextPage}>{t('more')}</Button>}
      {devices.items.length > 1 && <Button className="self-start" busy={others.isPending} onClick={() => others.mutate()}>{t('devices.others')}</Button>}
      {error && <ErrorState inline error={error} />}
    </Card>
  );
}
