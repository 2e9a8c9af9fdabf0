import { useMutation, useQueryClient } from '@tanstack/react-query';
import { CirclePause, CirclePlay, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, body, type Schemas } from '@/api/client';
import { duration, money, number } from '@/texts/format';
import { Badge, Button, Dialog, ErrorState, Field, Menu } from '@/ui';

const tones = { healthy: 'good', degraded: 'warn', cooling: 'warn', banned: 'danger', disabled: 'plain' } as const;

export function AccountCard({ stats }: { stats: Schemas['AccountStats'] }) {
  const { t } = useTranslation('ops');
  const client = useQueryClient();
  const [removing, setRemoving] = useState(false);
  const { account } = stats;
  const path = { params: { path: { id: account.id } } };
  const onSuccess = () => client.invalidateQueries({ queryKey: ['ops', 'stealth'] });
  const override = useMutation({
    mutationFn: (status: 'healthy' | 'disabled') => body(api.POST('/api/stealth/accounts/{id}/health', { ...path, body: { status, reason: t('stealth.byHand'), minutes: null } })),
    onSuccess,
  });
  const errors = Object.entries(stats.errors).filter(([, count]) => count > 0).map(([name, count]) => `${name} ${number(count)}`).join(', ');
  const left = (Object.entries(account.remaining) as [string, number | null][]).filter(([, value]) => value !== null);
  const ms = (value: number | null) => (value === null ? '–' : number(value, { style: 'unit', unit: 'millisecond', maximumFractionDigits: 0 }));
  return (
    <li id={account.id} className="flex flex-col gap-2 rounded-xl border border-line bg-bg p-4 text-sm target:border-cyan">
      <div className="flex flex-wrap items-center gap-2">
        <h3 className="min-w-0 truncate font-bold">{account.name}</h3>
        <Badge tone={tones[account.status]}>{t(`health.${account.status}`)}</Badge>
        <code className="text-xs text-muted">{account.secretMask}</code>
        <span className="flex-1" />
        <Menu
          label={t('common:more')}
          items={[
            { label: t('stealth.disable'), icon: CirclePause, onSelect: () => override.mutate('disabled'), hidden: account.status === 'disabled' },
            { label: t('stealth.enable'), icon: CirclePlay, onSelect: () => override.mutate('healthy'), hidden: account.status === 'healthy' },
            { label: t('common:delete'), icon: Trash2, danger: true, onSelect: () => setRemoving(true) },
          ]}
        />
      </div>
      {account.ineligible && <p className="text-warn">{account.ineligible}{account.availableInSeconds !== null && ` · ${t('stealth.in', { time: duration(account.availableInSeconds) })}`}</p>}
      <p className="text-muted">{t('stealth.requests', { count: stats.requests })} · {`p50 ${ms(stats.p50Ms)} · p99 ${ms(stats.p99Ms)}`} · {money(stats.spendCents)}{errors && ` · ${errors}`}</p>
      <p className="flex flex-wrap gap-1">{left.map(([name, value]) => <Badge key={name}>{`${t(`limit.${name}`)}: ${number(value!)}`}</Badge>)}</p>
      <p className="text-xs text-muted">{t('stealth.contract', { holder: account.contractHolder })}</p>
      {override.error && <ErrorState inline error={override.error} />}
      <Removal account={account} open={removing} onOpenChange={setRemoving} onRemoved={onSuccess} />
    </li>
  );
}

/** Deleting forgets the secret: the account's name is typed first. */
function Removal({ account, open, onOpenChange, onRemoved }: { account: Schemas['AccountView']; open: boolean; onOpenChange: (open: boolean) => void; onRemoved: () => void }) {
  const { t } = useTranslation('ops');
  const [typed, setTyped] = useState('');
  const remove = useMutation({
    mutationFn: () => api.DELETE('/api/stealth/accounts/{id}', { params: { path: { id: account.id } } }),
    onSuccess: () => {
      onOpenChange(false);
      onRemoved();
    },
  });
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={t('stealth.removeTitle', { name: account.name })}>
      <Field label={t('typeName', { name: account.name })} value={typed} onChange={event => setTyped(event.target.value)} autoComplete="off" />
      {remove.error && <ErrorState inline error={remove.error} />}
      <Button look="danger" className="self-end" busy={remove.isPending} disabled={typed.trim() !== account.name} onClick={() => remove.mutate()}>{t('common:delete')}</Button>
    </Dialog>
  );
}
