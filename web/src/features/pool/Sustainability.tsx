import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { number } from '@/texts/format';
import { needsTexts } from '@/texts/i18n';
import { Skeleton } from '@/ui';
import { sustainability } from './sustainabilityQuery';

needsTexts('pool');

/** What keeps the pool alive, in four figures. */
export function Sustainability() {
  const { t } = useTranslation('pool');
  const figures = useQuery(sustainability);
  if (figures.isPending) return <Skeleton className="h-20" />;
  // The pool is usable without them.
  if (figures.isError) return null;
  const { available, contributedLast30Days, freeMembersSustained, forecast } = figures.data;
  const facts: [string, string][] = [
    [t('facts.available'), number(available)],
    [t('facts.contributed'), number(contributedLast30Days)],
    [t('facts.sustained'), number(freeMembersSustained)],
    [t('facts.days'), forecast.daysOfStock === null ? '∞' : number(Math.floor(forecast.daysOfStock))],
  ];
  return (
    <dl className="card grid grid-cols-2 gap-px overflow-hidden bg-line sm:grid-cols-4">
      {facts.map(([name, value]) => (
        <div key={name} className="flex flex-col-reverse bg-surface px-4 py-3">
          <dt className="text-xs text-muted">{name}</dt>
          <dd className="font-display text-2xl font-bold">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
