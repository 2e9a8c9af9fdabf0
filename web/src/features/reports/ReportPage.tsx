import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { api, body, idempotent, type Schemas } from '@/api/client';
import { ApiError } from '@/api/problem';
import { NotFound } from '@/shell/NotFound';
import { dateTime } from '@/texts/format';
import { Badge, Button, ErrorState, Skeleton, TextArea, toast, useFieldError, usePageTitle } from '@/ui';

/** Where a report stands: for who made it, and for the owner of what was taken down, who may appeal once. */
export default function ReportPage() {
  const { t } = useTranslation('reports');
  const { id = '' } = useParams();
  usePageTitle(t('page'));
  const report = useQuery({ queryKey: ['report', id], queryFn: () => body(api.GET('/api/reports/{id}', { params: { path: { id } } })) });
  if (report.isPending) return <div className="page max-w-2xl" aria-busy><Skeleton className="h-60" /></div>;
  if (report.isError) return report.error instanceof ApiError && [400, 404].includes(report.error.status) ? <NotFound /> : <div className="page"><ErrorState error={report.error} onRetry={() => void report.refetch()} /></div>;
  const { kind, excerpt, mine, reason, status, decision, appeal } = report.data;
  return (
    <div className="page flex max-w-2xl flex-col gap-5">
      <header className="flex flex-col gap-2">
        <div className="flex flex-wrap gap-2"><Badge>{t(`kind.${kind}`)}</Badge><Badge tone={status === 'open' || status === 'appealed' ? 'warn' : 'plain'}>{t(`status.${status}`)}</Badge></div>
        <h1 className="text-3xl font-bold">{t(mine ? 'page' : 'aboutYours')}</h1>
      </header>
      <blockquote className="card p-5 break-words whitespace-pre-wrap">{excerpt}</blockquote>
      {reason && <p className="text-sm break-words"><span className="font-semibold">{t('youSaid')}</span> {reason}</p>}
      {decision && <p className="text-sm break-words"><span className="font-semibold">{t('decided', { at: dateTime(decision.at) })}</span> {decision.reason}</p>}
      {appeal ? <p className="text-sm break-words"><span className="font-semibold">{t('yourAppeal')}</span> {appeal.text}</p> : !mine && status === 'hidden' && <Appeal report={report.data} />}
    </div>
  );
}

function Appeal({ report }: { report: Schemas['ReportView'] }) {
  const { t } = useTranslation('reports');
  const client = useQueryClient();
  const [key] = useState(() => crypto.randomUUID());
  const fieldError = useFieldError();
  const appeal = useMutation({
    mutationFn: (text: string) => body(api.POST('/api/reports/{id}/appeal', { params: { path: { id: report.id } }, body: { text }, headers: idempotent(key) })),
    onSuccess: now => {
      client.setQueryData(['report', report.id], now);
      toast(t('appealed'));
    },
  });
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    appeal.mutate(new FormData(event.currentTarget).get('text') as string);
  }
  return (
    <form onSubmit={submit} className="card flex flex-col gap-4 p-5">
      <TextArea label={t('appeal')} hint={t('appealHint')} name="text" rows={4} maxLength={2000} required error={fieldError(appeal.error, 'text')} />
      {appeal.error && <ErrorState inline error={appeal.error} />}
      <Button type="submit" look="primary" busy={appeal.isPending} className="self-start">{t('appealSend')}</Button>
    </form>
  );
}
