import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Flag } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api, body, idempotent, type Schemas } from '@/api/client';
import { usePages } from '@/api/pages';
import { Badge, Button, EmptyState, ErrorState, Field, RelativeTime, Select, Skeleton, useFilters } from '@/ui';

type Case = Schemas['ReportCase'];
type Action = Schemas['ReportAction'];

const statuses = ['waiting', 'open', 'appealed', 'hidden', 'dismissed', 'upheld', 'restored', 'all'] as const;
const kinds = ['track', 'comment', 'profile'] as const;
const actions = (status: Case['status']): Action[] => (status === 'open' ? ['dismiss', 'hide'] : status === 'appealed' ? ['uphold', 'restore'] : status === 'hidden' || status === 'upheld' ? ['restore'] : []);

/** What members said against tracks, comments and profiles, and what their owners answered, until somebody decides. */
export function Reports() {
  const { t } = useTranslation('ops');
  const { params, set } = useFilters();
  const status = statuses.find(one => one === params.get('status')) ?? 'waiting';
  const kind = kinds.find(one => one === params.get('kind'));
  const reports = usePages(['ops', 'reports', status, kind], cursor => body(api.GET('/api/admin/reports', { params: { query: { status, kind, cursor, limit: 20 } } })));
  return (
    <div className="flex flex-col gap-4">
      <div className="grid max-w-xl grid-cols-2 gap-3 *:min-w-0">
        <Select label={t('reports.status')} value={status} onChange={event => set({ status: event.target.value === 'waiting' ? '' : event.target.value })}>{statuses.map(one => <option key={one} value={one}>{t(`reports.is.${one}`)}</option>)}</Select>
        <Select label={t('reports.about')} value={kind ?? ''} onChange={event => set({ kind: event.target.value })}><option value="">{t('reports.anything')}</option>{kinds.map(one => <option key={one} value={one}>{t(`reports.kind.${one}`)}</option>)}</Select>
      </div>
      {reports.isPending && <Skeleton className="h-60" />}
      {reports.isError && <ErrorState error={reports.error} onRetry={() => void reports.refetch()} />}
      {reports.isSuccess && reports.items.length === 0 && <EmptyState icon={Flag} text={t('reports.none')} />}
      <ul className="flex flex-col gap-3">{reports.items.map(report => <li key={report.id}><CaseCard report={report} /></li>)}</ul>
      {reports.hasNextPage && <Button className="self-center" busy={reports.isFetchingNextPage} onClick={reports.more}>{t('more')}</Button>}
    </div>
  );
}

function CaseCard({ report }: { report: Case }) {
  const { t } = useTranslation('ops');
  const to = report.kind === 'profile' ? `/u/${report.owner.username}` : `/t/${report.creationId}`;
  return (
    <article aria-label={report.excerpt} className="card flex flex-col gap-3 p-5">
      <header className="flex flex-wrap items-center gap-2">
        <Badge>{t(`reports.kind.${report.kind}`)}</Badge>
        <Badge tone={report.status === 'open' || report.status === 'appealed' ? 'warn' : 'plain'}>{t(`reports.is.${report.status}`)}</Badge>
        <span className="text-xs text-muted">{t('reports.count', { count: report.count })} · <RelativeTime at={report.openedAt} /></span>
      </header>
      <p><Link to={to} className="font-bold break-words hover:underline">{report.excerpt || t('reports.nothingSaid')}</Link> <span className="text-sm text-muted">{report.owner.displayName}</span></p>
      <ul className="flex flex-col gap-1 text-sm">
        {report.reasons.map((complaint, index) => <li key={index} className="break-words"><span className="font-semibold">{complaint.reporter.displayName}</span>: {complaint.reason}</li>)}
      </ul>
      {report.appeal && <p className="rounded-xl border border-line p-3 text-sm break-words"><span className="font-semibold">{t('reports.appeal')}</span>: {report.appeal.text}</p>}
      {report.history.length > 0 && (
        <ol className="flex flex-col gap-1 text-xs text-muted">
          {report.history.map((past, index) => <li key={index}>{t(`reports.did.${past.action}`)} · {past.operator.displayName} · <RelativeTime at={past.at} /> · {past.reason}</li>)}
        </ol>
      )}
      {actions(report.status).length > 0 && <Decide report={report} />}
    </article>
  );
}

/** Both are told to whoever made it. */
function Decide({ report }: { report: Case }) {
  const { t } = useTranslation('ops');
  const client = useQueryClient();
  const [key] = useState(() => crypto.randomUUID());
  const decide = useMutation({
    mutationFn: ({ action, reason }: { action: Action; reason: string }) => body(api.POST('/api/admin/reports/{id}/resolve', { params: { path: { id: report.id } }, body: { action, reason }, headers: idempotent(`${key}-${action}`) })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['ops', 'reports'] }),
  });
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const action = (event.nativeEvent as SubmitEvent).submitter?.getAttribute('value') as Action;
    decide.mutate({ action, reason: new FormData(event.currentTarget).get('reason') as string });
  }
  return (
    <form onSubmit={submit} className="flex flex-wrap items-end gap-2 border-t border-line pt-3">
      <Field label={t('reports.reason')} name="reason" maxLength={500} required className="min-w-52 flex-1" />
      {actions(report.status).map(action => <Button key={action} type="submit" name="action" value={action} look={action === 'hide' || action === 'uphold' ? 'danger' : 'secondary'} busy={decide.isPending && decide.variables.action === action} disabled={decide.isPending}>{t(`reports.do.${action}`)}</Button>)}
      {decide.error && <div className="w-full"><ErrorState inline error={decide.error} /></div>}
    </form>
  );
}
