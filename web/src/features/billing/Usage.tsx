import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api, body } from '@/api/client';
import { dateTime, number } from '@/texts/format';
import { ErrorState, Skeleton } from '@/ui';

const days = 30;
const isoDay = (at: Date) => at.toISOString().slice(0, 10);

/** The ledger of the last thirty UTC days as bars; the same as a table for who can't see them. */
export function Usage() {
  const { t } = useTranslation('billing');
  const to = isoDay(new Date());
  const from = isoDay(new Date(Date.now() - (days - 1) * 86_400_000));
  const usage = useQuery({ queryKey: ['usage', from, to], queryFn: () => body(api.GET('/api/tiers/usage', { params: { query: { from, to } } })) });
  if (usage.isPending) return <Skeleton className="h-44" />;
  if (usage.isError) return <ErrorState error={usage.error} onRetry={() => void usage.refetch()} />;
  const byDay = new Map(usage.data.items.map(day => [day.date, day]));
  const all = Array.from({ length: days }, (_, i) => isoDay(new Date(Date.parse(from) + i * 86_400_000)));
  const highest = Math.max(1, ...usage.data.items.map(day => day.used));
  const total = usage.data.items.reduce((sum, day) => sum + day.used, 0);
  const label = (day: string) => dateTime(`${day}T12:00:00Z`, { day: 'numeric', month: 'short' });
  return (
    <section aria-labelledby="usage" className="card flex flex-col gap-3 p-5">
      <div className="flex flex-wrap items-baseline justify-between gap-2"><h2 id="usage" className="text-lg font-bold">{t('usage')}</h2><p className="text-sm text-muted">{t('usedIn', { count: total, days })}</p></div>
      <svg aria-hidden viewBox={`0 0 ${days * 10} 100`} preserveAspectRatio="none" className="h-28 w-full">
        {all.map((day, i) => {
          const height = ((byDay.get(day)?.used ?? 0) / highest) * 96;
          return <rect key={day} x={i * 10 + 1} width={8} y={100 - Math.max(1, height)} height={Math.max(1, height)} rx={1} className={height ? 'fill-cyan' : 'fill-line'} />;
        })}
      </svg>
      <div aria-hidden className="flex justify-between text-xs text-muted"><span>{label(from)}</span><span>{label(to)}</span></div>
      <details>
        <summary className="inline-flex min-h-11 items-center text-sm font-semibold text-muted hover:text-text">{t('asTable')}</summary>
        <div className="overflow-x-auto">
          <table className="w-full min-w-80 text-sm">
            <thead><tr className="text-left text-muted">{(['day', 'used', 'released', 'granted'] as const).map(one => <th key={one} scope="col" className="py-2 pr-4 font-semibold">{t(`column.${one}`)}</th>)}</tr></thead>
            <tbody>
              {usage.data.items.map(day => (
                <tr key={day.date} className="border-t border-line"><th scope="row" className="py-2 pr-4 text-left font-normal">{label(day.date)}</th><td>{number(day.used)}</td><td>{number(day.released)}</td><td>{number(day.granted)}</td></tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </section>
  );
}
