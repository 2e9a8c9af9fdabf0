import { create } from 'zustand';
import { api, body, type Schemas } from '@/api/client';
import { queryClient } from '@/api/query';
import type { ServerEvent } from '@/streams/parse';

const settledAfter = 2500;

export type Generation = Schemas['GenerationView'];
export type Status = NonNullable<Generation['status']>;

export interface Job {
  id: string;
  title: string;
  status: Status;
  /** 0–100 of the whole way, as the worker says; never made up here. */
  progress: number;
  queue: { position: number; estimateSeconds: number } | null;
  preview: boolean;
  /** Why it failed, by its name. */
  reason: string | null;
}

export type Jobs = Record<string, Job>;

export const ended = (status: Status) => status === 'completed' || status === 'failed' || status === 'cancelled';

export const jobOf = (generation: Generation): Job => ({
  id: generation.id!,
  title: generation.title ?? '',
  status: generation.status ?? 'queued',
  progress: generation.progress ?? 0,
  queue: generation.queue ? { position: generation.queue.position ?? 0, estimateSeconds: generation.queue.estimateSeconds ?? 0 } : null,
  preview: generation.files?.some(file => file.kind === 'preview') ?? false,
  reason: generation.reasonCode ?? null,
});

interface Step { generationId?: string; progress?: number; reasonCode?: string; position?: number; estimateSeconds?: number; items?: Generation[] }

/** What an event of the stream makes of the jobs. An unknown id gives a job without a title, which is looked up. */
export function applyEvent(jobs: Jobs, { event, data }: ServerEvent): Jobs {
  const step = data as Step;
  if (event === 'snapshot') return { ...jobs, ...Object.fromEntries((step.items ?? []).map(item => [item.id!, jobOf(item)])) };
  if (!step.generationId) return jobs;
  const known = jobs[step.generationId];
  // A restored track is no job; what has ended stays as it ended, whatever comes late, unless it was tried again.
  if (event.startsWith('restor') || (known && ended(known.status) && event !== 'queued')) return jobs;
  const job: Job = known ?? { id: step.generationId, title: '', status: 'queued', progress: 0, queue: null, preview: false, reason: null };
  return { ...jobs, [job.id]: stepped(job, event, step) };
}

function stepped(job: Job, event: string, step: Step): Job {
  if (event === 'preview') return { ...job, preview: true };
  if (event === 'queued') return { ...job, status: 'queued', progress: 0, preview: false, reason: null, queue: step.position === undefined ? job.queue : { position: step.position, estimateSeconds: step.estimateSeconds ?? 0 } };
  return { ...job, status: event as Status, queue: null, progress: event === 'completed' ? 100 : Math.max(job.progress, step.progress ?? 0), reason: step.reasonCode ?? job.reason };
}

export const useJobs = create<{ jobs: Jobs }>(() => ({ jobs: {} }));

export const addJob = (generation: Generation) => useJobs.setState(({ jobs }) => ({ jobs: { ...jobs, [generation.id!]: jobOf(generation) } }));
export const dismissJob = (id: string) => useJobs.setState(({ jobs }) => ({ jobs: Object.fromEntries(Object.entries(jobs).filter(([key]) => key !== id)) }));

/** Hears the stream: keeps the jobs, and refreshes what their ends change (library, allowance, the track's page). */
export function hearJobs(message: ServerEvent) {
  const before = useJobs.getState().jobs;
  const jobs = applyEvent(before, message);
  if (jobs === before) return;
  useJobs.setState({ jobs });
  const id = (message.data as Step).generationId;
  const job = id ? jobs[id] : undefined;
  if (!job) return;
  if (!job.title || (job.status === 'failed' && !job.reason)) void lookUp(job.id);
  if (before[job.id]?.status !== job.status) void queryClient.invalidateQueries({ queryKey: ['generations', job.id] });
  if (!ended(job.status)) return;
  for (const key of ['limits', 'library', 'home']) void queryClient.invalidateQueries({ queryKey: [key] });
  // The allowance is settled a moment after the song.
  setTimeout(() => void queryClient.invalidateQueries({ queryKey: ['limits'] }), settledAfter);
}

async function lookUp(id: string) {
  try {
    const found = await body(api.GET('/api/generations/{id}', { params: { path: { id } } }));
    useJobs.setState(({ jobs }) => (jobs[id] ? { jobs: { ...jobs, [id]: { ...jobs[id], title: found?.title ?? '', reason: found?.reasonCode ?? null } } } : { jobs }));
  } catch (error) {
    console.info('Job not looked up', error);
  }
}
