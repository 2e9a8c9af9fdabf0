import { Check, Clock } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';
import { bytes, money } from '@/texts/format';
import { Badge, cx } from '@/ui';

/** One plan: price, what it gives today, and apart from it what is planned. */
export function TierCard({ tier, current, action }: { tier: Schemas['TierView']; current: boolean; action: ReactNode }) {
  const { t } = useTranslation('pricing');
  const features = (Object.entries(tier.features) as [string, boolean][]).filter(([, has]) => has).map(([name]) => t(`feature.${name}`));
  const lines = [
    t(`generations.${tier.period}`, { count: tier.generations }),
    t('qualities', { list: tier.qualities.map(one => t(`quality.${one}`)).join(', ') }),
    tier.storageBytes === null ? t('storageUnlimited') : t('storage', { size: bytes(tier.storageBytes) }),
    ...features,
  ];
  return (
    <article aria-label={tier.tier} className={cx('card flex flex-col gap-4 p-5', current && 'border-cyan/70')}>
      <header className="flex flex-col gap-1">
        <div className="flex items-center justify-between gap-2"><h2 className="text-lg font-bold">{tier.tier}</h2>{current && <Badge tone="cyan">{t('current')}</Badge>}</div>
        <p><span className="font-display text-3xl font-bold">{money(tier.priceCents, tier.currency)}</span> <span className="text-sm text-muted">{t('perMonth')}</span></p>
      </header>
      <ul className="flex flex-1 flex-col gap-2 text-sm">
        {lines.map(line => <li key={line} className="flex gap-2"><Check aria-hidden className="mt-0.5 size-4 shrink-0 text-cyan" />{line}</li>)}
        {tier.planned.map(one => <li key={one} className="flex gap-2 text-muted"><Clock aria-hidden className="mt-0.5 size-4 shrink-0" />{t('planned', { what: t(`plannedFeature.${one}`) })}</li>)}
      </ul>
      {action}
    </article>
  );
}
