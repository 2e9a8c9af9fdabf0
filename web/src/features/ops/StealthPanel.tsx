import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Plus, RefreshCw } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, body } from '@/api/client';
import { usePageStream } from '@/streams/shared';
import { Badge, Button, ErrorState, Skeleton, toast, useProblemText } from '@/ui';
import { AccountCard } from './AccountCard';
import { AccountForm } from './AccountForm';
import { Freshness, refreshEvery } from './Freshness';

/** Providers with their accounts: how each stands, why it is not eligible now, and what is left of its limits. */
export function StealthPanel() {
  const { t } = useTranslation('ops');
  const client = useQueryClient();
  const words = useProblemText();
  const [adding, setAdding] = useState<string | null>(null);
  const providers = useQuery({ queryKey: ['ops', 'stealth', 'providers'], queryFn: () => body(api.GET('/api/stealth/providers')), refetchInterval: refreshEvery });
  const stats = useQuery({ queryKey: ['ops', 'stealth', 'stats'], queryFn: () => body(api.GET('/api/stealth/stats', { params: { query: { hours: '24' } } })), refetchInterval: refreshEvery });
  usePageStream('/api/stealth/events', () => void client.invalidateQueries({ queryKey: ['ops', 'stealth'] }));
  const rotate = useMutation({
    mutationFn: (provider: string) => body(api.POST('/api/stealth/rotate', { body: { provider, user: null } })),
    onSuccess: account => toast(t('stealth.rotated', { name: account.name })),
    onError: error => toast(words(error).title),
  });
  const enable = useMutation({
    mutationFn: (change: { name: string; enabled: boolean }) => body(api.PUT('/api/stealth/providers/{name}', { params: { path: { name: change.name } }, body: { enabled: change.enabled } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['ops', 'stealth'] }),
    onError: error => toast(words(error).title),
  });
  if (providers.isPending || stats.isPending) return <Skeleton className="h-80" />;
  if (providers.isError && !providers.data) return <ErrorState error={providers.error} onRetry={() => void providers.refetch()} />;
  if (stats.isError && !stats.data) return <ErrorState error={stats.error} onRetry={() => void stats.refetch()} />;
  const accountsOf = (name: string) => stats.data.providers.find(one => one.name === name)?.accounts ?? [];
  return (
    <div className="flex flex-col gap-5">
      <Freshness at={Math.min(providers.dataUpdatedAt, stats.dataUpdatedAt)} />
      {providers.data.items.map(provider => (
        <section key={provider.name} aria-labelledby={`provider-${provider.name}`} className="card flex flex-col gap-3 p-5">
          <div className="flex flex-wrap items-center gap-2">
            <h2 id={`provider-${provider.name}`} className="text-lg font-bold">{provider.name}</h2>
            <Badge tone={provider.available > 0 ? 'good' : provider.accounts > 0 ? 'danger' : 'plain'}>{t('stealth.available', { available: provider.available, count: provider.accounts })}</Badge>
            <Badge>{provider.strategy}</Badge>
            <span className="flex-1" />
            <label className="flex min-h-11 cursor-pointer items-center gap-2 text-sm"><input type="checkbox" checked={provider.enabled} onChange={event => enable.mutate({ name: provider.name, enabled: event.target.checked })} className="size-5 accent-cyan" />{t('stealth.enabled')}</label>
            <Button icon={RefreshCw} disabled={provider.available === 0} busy={rotate.isPending && rotate.variables === provider.name} onClick={() => rotate.mutate(provider.name)}>{t('stealth.rotate')}</Button>
            <Button icon={Plus} onClick={() => setAdding(provider.name)}>{t('stealth.add')}</Button>
          </div>
          {accountsOf(provider.name).length === 0 && <p className="text-sm text-muted">{t('stealth.none')}</p>}
          <ul className="grid gap-3 lg:grid-cols-2">{accountsOf(provider.name).map(one => <AccountCard key={one.account.id} stats={one} />)}</ul>
        </section>
      ))}
      {stats.data.proxies.length > 0 && (
        <section aria-labelledby="proxies" className="card flex flex-col gap-2 p-5">
          <h2 id="proxies" className="text-lg font-bold">{t('stealth.proxies')}</h2>
          <ul className="flex flex-col divide-y divide-line text-sm">
            {stats.data.proxies.map(({ proxy, requests }) => (
              <li key={proxy.id} className="flex flex-wrap items-center gap-3 py-2"><span className="font-bold">{proxy.name}</span><span className="font-mono text-xs text-muted">{`${proxy.protocol}://${proxy.host}:${proxy.port}`}</span><Badge tone={proxy.status === 'healthy' ? 'good' : 'warn'}>{t(`health.${proxy.status}`)}</Badge><span className="text-muted">{t('stealth.requests', { count: requests })}</span>{proxy.ineligible && <span className="text-warn">{proxy.ineligible}</span>}</li>
            ))}
          </ul>
        </section>
      )}
      <AccountForm provider={adding} onClose={() => setAdding(null)} />
    </div>
  );
}
