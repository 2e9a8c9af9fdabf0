import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api, body, type Schemas } from '@/api/client';
import { dateTime, number, percent } from '@/texts/format';
import { ErrorState, Field, Skeleton, useFilters } from '@/ui';

const usualDays = 30;
const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10);
const short = (day: string) => dateTime(`${day}T00:00:00`, { day: 'numeric', month: 'short' });

/** What members do, in figures: who is active, how far those who sign up get, and who comes back. */
export function Analytics() {
  const { t } = useTranslation('ops');
  const { params, set } = useFilters();
  const to = params.get('to') || dayOf(Date.now());
  const from = params.get('from') || dayOf(Date.parse(to) - (usualDays - 1) * 86_400_000);
  const report = useQuery({ queryKey: ['ops', 'analytics', from, to], queryFn: () => body(api.GET('/api/admin/analytics', { params: { query: { from, to } } })) });
  return (
    <div className="flex flex-col gap-5">
      <div className="grid max-w-md grid-cols-2 gap-3 *:min-w-0">
        <Field label={t('analytics.from')} type="date" value={from} max={to} onChange={event => set({ from: event.target.value })} />
        <Field label={t('analytics.to')} type="date" value={to} min={from} onChange={event => set({ to: event.target.value })} />
      </div>
      {report.isPending && <><Skeleton className="h-64" /><Skeleton className="h-64" /></>}
      {report.isError && <ErrorState error={report.error} onRetry={() => void report.refetch()} />}
      {report.data && <><Days days={report.data.days} /><Funnel steps={report.data.funnel} /><Cohorts cohorts={report.data.cohorts} /></>}
    </div>
  );
}

function Days({ days }: { days: Schemas['DayView'][] }) {
  const { t } = useTranslation('ops');
  const inOrder = days.toReversed();
  const most = Math.max(1, ...days.map(day => day.activeMembers));
  const totals = new Map<string, number>();
  for (const { figures } of days) for (const { name, events } of figures) totals.set(name, (totals.get(name) ?? 0) + events);
  return (
    <section aria-labelledby="days" className="card flex flex-col gap-4 p-5">
      <h2 id="days" className="text-lg font-bold">{t('analytics.active')}</h2>
      <svg role="img" aria-label={t('analytics.activeMost', { count: most })} viewBox={`0 0 ${days.length * 4} 40`} preserveAspectRatio="none" className="h-28 w-full text-cyan">
        {inOrder.map((day, index) => {
          const height = Math.max(0.5, (day.activeMembers / most) * 40);
          return <rect key={day.day} x={index * 4} width={3} y={40 - height} height={height} fill="currentColor"><title>{`${short(day.day)}: ${day.activeMembers}`}</title></rect>;
        })}
      </svg>
      {days.length > 0 && <p aria-hidden className="flex justify-between text-xs text-muted"><span>{short(inOrder[0]!.day)}</span><span>{short(inOrder.at(-1)!.day)}</span></p>}
      <dl className="grid grid-cols-2 gap-3 sm:grid-cols-4">
        {[...totals].sort((a, b) => b[1] - a[1]).map(([name, events]) => <div key={name} className="flex flex-col-reverse"><dt className="text-xs break-words text-muted">{t(`analytics.event.${name}`, name)}</dt><dd className="font-display text-xl font-bold">{number(events)}</dd></div>)}
      </dl>
    </section>
  );
}

/** The funnel: each step with its share of those who signed up. */
function Funnel({ steps }: { steps: Schemas['FunnelStepView'][] }) {
  const { t } = useTranslation('ops');
  const first = Math.max(1, steps[0]?.members ?? 0);
  return (
    <section aria-labelledby="funnel" className="card flex flex-col gap-3 p-5">
      <h2 id="funnel" className="text-lg font-bold">{t('analytics.funnel')}</h2>
      <ol className="flex flex-col gap-2">
        {steps.map(({ step, members, ever }) => (
          <li key={step} className="flex flex-col gap-1 text-sm">
            <span className="flex flex-wrap justify-between gap-x-3"><span className="font-semibold">{t(`analytics.event.${step}`, step)}</span><span className="text-muted">{t('analytics.step', { members: number(members), share: percent(members / first), ever: number(ever) })}</span></span>
            <span aria-hidden className="h-2 overflow-hidden rounded-full bg-raised"><span className="block h-full bg-accent" style={{ width: `${(members / first) * 100}%` }} /></span>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** Who signed up in a week, and how many of them were there in each week since. */
function Cohorts({ cohorts }: { cohorts: Schemas['CohortView'][] }) {
  const { t } = useTranslation('ops');
  const weeks = Math.max(0, ...cohorts.map(cohort => cohort.active.length));
  return (
    <section className="card flex flex-col gap-3 p-5">
      <h2 id="cohorts" className="text-lg font-bold">{t('analytics.cohorts')}</h2>
      <div tabIndex={0} role="region" aria-labelledby="cohorts" className="overflow-x-auto">
        <table className="w-full text-right text-sm tabular-nums">
          <thead><tr className="text-xs text-muted"><th scope="col" className="py-2 pr-3 text-left font-semibold">{t('analytics.week')}</th><th scope="col" className="px-2 font-semibold">{t('analytics.members')}</th>{Array.from({ length: weeks }, (_, week) => <th key={week} scope="col" className="px-2 font-semibold">{t('analytics.weekNumber', { week })}</th>)}</tr></thead>
          <tbody>
            {cohorts.map(cohort => (
              <tr key={cohort.week} className="border-t border-line">
                <th scope="row" className="py-2 pr-3 text-left font-semibold whitespace-nowrap">{short(cohort.week)}</th><td className="px-2">{number(cohort.members)}</td>
                {Array.from({ length: weeks }, (_, week) => <td key={week} className="px-2">{cohort.active[week] === undefined ? '' : percent(cohort.active[week] / Math.max(1, cohort.members))}</td>)}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
