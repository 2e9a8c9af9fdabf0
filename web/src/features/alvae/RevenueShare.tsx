import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { api, body } from '@/api/client';
import { money } from '@/texts/format';
import { ErrorState, Field, Skeleton } from '@/ui';

const columns = ['paidCents', 'refundedCents', 'carriedInCents', 'shareCents', 'carriedOutCents'] as const;

export function RevenueShare() {
  const { t } = useTranslation('alvae');
  const [params, setParams] = useSearchParams();
  const month = params.get('month') ?? new Date().toISOString().slice(0, 7);
  const share = useQuery({ queryKey: ['alvae', 'revenue', month], queryFn: () => body(api.GET('/api/alvae/revenue-share', { params: { query: { month } } })) });
  return (
    <div className="flex flex-col gap-4">
      <Field label={t('month')} type="month" value={month} className="max-w-60" onChange={event => event.target.value && setParams({ tab: 'revenue', month: event.target.value }, { replace: true })} />
      {share.isPending && <Skeleton className="h-24" />}
      {share.isError && <ErrorState error={share.error} onRetry={() => void share.refetch()} />}
      {share.data?.shares.length === 0 && <p className="text-muted">{t('noRevenue')}</p>}
      {share.data?.shares.map(one => (
        <dl key={one.currency} className="card grid grid-cols-2 gap-4 p-5 sm:grid-cols-5">
          {columns.map(column => <div key={column}><dt className="text-xs text-muted">{t(`column.${column}`)}</dt><dd className="font-display text-lg font-bold">{money(one[column], one.currency)}</dd></div>)}
        </dl>
      ))}
    </div>
  );
}
