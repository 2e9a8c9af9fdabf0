import { ChevronDown, ChevronUp, Pause, Play, RotateCcw, X } from 'lucide-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'react-router';
import { api, body, idempotent } from '@/api/client';
import { useSession } from '@/api/session';
import { play } from '@/player/player';
import { trackOf } from '@/player/track';
import { useSharedStream } from '@/streams/shared';
import { ProgressBar } from '@/ui/bits';
import { IconButton } from '@/ui/Button';
import { cx } from '@/ui/cx';
import { useProblemText } from '@/ui/states';
import { toast } from '@/ui/toast';
import { dismissJob, ended, hearJobs, useJobs, type Job } from './jobs';
import { usePreview } from './usePreview';

/** Every job of the member, on every page: its real stage, its place in the queue, and what can be done with it. The generator shows them itself. */
export default function GenerationDock() {
  const { pathname } = useLocation();
  useSharedStream('/api/generations/events', hearJobs);
  return pathname === '/create' ? null : <JobList className="fixed inset-x-3 bottom-[calc(var(--player)+var(--tabs)+0.75rem)] z-20 shadow-2xl sm:left-auto sm:right-[calc(var(--panel)+1rem)] sm:w-88" />;
}

export function JobList({ className }: { className?: string }) {
  const { t } = useTranslation('generator');
  const jobs = Object.values(useJobs(state => state.jobs));
  const [open, setOpen] = useState(true);
  if (!jobs.length) return null;
  const running = jobs.filter(job => !ended(job.status));
  return (
    <aside aria-label={t('dock.label')} className={cx('rise rounded-2xl border border-line bg-raised', className)}>
      <header className="flex items-center justify-between gap-2 py-1 pl-4 pr-1">
        <h2 className="text-sm font-bold">{running.length ? t('dock.running', { count: running.length }) : t('dock.done')}</h2>
        <IconButton icon={open ? ChevronDown : ChevronUp} label={t(open ? 'dock.fold' : 'dock.unfold')} aria-expanded={open} onClick={() => setOpen(!open)} />
      </header>
      {open && <ul className="flex max-h-[40dvh] flex-col overflow-y-auto px-1 pb-2">{jobs.toReversed().map(job => <JobRow key={job.id} job={job} />)}</ul>}
    </aside>
  );
}

function JobRow({ job }: { job: Job }) {
  const { t } = useTranslation('generator');
  const problemText = useProblemText();
  const client = useQueryClient();
  const act = useMutation({
    mutationFn: (what: 'cancel' | 'retry'): Promise<unknown> => (what === 'cancel'
      ? api.POST('/api/generations/{id}/cancel', { params: { path: { id: job.id } }, headers: idempotent() })
      : api.POST('/api/generations/{id}/retry', { params: { path: { id: job.id } }, headers: idempotent() })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['limits'] }),
    onError: error => toast(problemText(error).title),
  });
  return (
    <li className="flex flex-col gap-1.5 rounded-xl px-3 py-1.5">
      <div className="flex items-center gap-1">
        <div className="min-w-0 flex-1">
          <Link to={`/t/${job.id}`} className="block truncate text-sm font-semibold hover:underline">{job.title || t('dock.untitled')}</Link>
          <p aria-live="polite" className={cx('text-xs', job.status === 'failed' ? 'text-danger' : 'text-muted')}>{useStage(job)}</p>
        </div>
        {job.status === 'completed' && <PlayFinished id={job.id} title={job.title} />}
        {job.preview && !ended(job.status) && <PlayPreview id={job.id} />}
        {job.status === 'failed' && <IconButton icon={RotateCcw} label={t('dock.retry')} disabled={act.isPending} onClick={() => act.mutate('retry')} />}
        {ended(job.status)
          ? <IconButton icon={X} label={t('dock.dismiss', { title: job.title })} onClick={() => dismissJob(job.id)} />
          : <IconButton icon={X} label={t('dock.cancel', { title: job.title })} disabled={act.isPending} onClick={() => act.mutate('cancel')} />}
      </div>
      {!ended(job.status) && (
        <ProgressBar label={job.title} percent={job.progress} className="h-1.5 bg-line" />
      )}
    </li>
  );
}

export function useStage(job: Job) {
  const { t } = useTranslation('generator');
  if (job.status === 'queued' && job.queue && job.queue.position > 1) {
    const place = t('stage.place', { count: job.queue.position - 1 });
    return job.queue.estimateSeconds > 0 ? `${place} · ${t('stage.estimate', { count: job.queue.estimateSeconds })}` : place;
  }
  if (job.status === 'failed') return [t('stage.failed'), job.reason && t(`reason.${job.reason}`), t('stage.released')].filter(Boolean).join(' ');
  if (job.status === 'cancelled') return `${t('stage.cancelled')} ${t('stage.released')}`;
  return t(`stage.${job.status}`);
}

function PlayFinished({ id, title }: { id: string; title: string }) {
  const { t } = useTranslation('common');
  const me = useSession(state => state.me);
  const client = useQueryClient();
  async function start() {
    const generation = await client.fetchQuery({ queryKey: ['generations', id], queryFn: () => body(api.GET('/api/generations/{id}', { params: { path: { id } } })) });
    await play([trackOf(generation, { username: me?.username ?? '', displayName: me?.displayName ?? '' }, true)]);
  }
  return <IconButton icon={Play} filled label={t('playTrack', { title })} onClick={() => void start()} />;
}

function PlayPreview({ id }: { id: string }) {
  const { t } = useTranslation('generator');
  const { playing, toggle } = usePreview(id);
  return <IconButton icon={playing ? Pause : Play} label={t(playing ? 'dock.stopPreview' : 'dock.preview')} onClick={() => void toggle()} />;
}
