import { WandSparkles } from 'lucide-react';
import { useCallback, useEffect, useRef, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { ApiError, OfflineError } from '@/api/problem';
import { Button, cx, ErrorState, Field, TextArea, useFieldError, usePageTitle } from '@/ui';
import { useLimits } from './allowance';
import { Cost } from './Cost';
import { CustomFields } from './CustomFields';
import { JobList } from './GenerationDock';
import { GenreChips } from './GenreChips';
import { LyricsEditor } from './LyricsEditor';
import { OutOfQuota } from './OutOfQuota';
import { keepDraft, readDraft, type Body } from './store';
import { useGeneration } from './useGeneration';
import { VoiceMemo } from './VoiceMemo';

const blank: Body = { prompt: '' };
const longest = 2000;

export default function TheGenerator() {
  const { t } = useTranslation('generator');
  const [params, setParams] = useSearchParams();
  const custom = params.get('mode') === 'custom';
  const [form, setForm] = useState<Body>(blank);
  const [ready, setReady] = useState(false);
  const latest = useRef<Body>(null);
  const limits = useLimits();
  usePageTitle(t('theGenerator.title'));

  useEffect(() => {
    const asked = params.get('prompt');
    // What was typed meanwhile is newer than what was kept.
    readDraft().then(draft => setForm(typed => typed === blank ? { ...blank, ...draft, ...(asked && { prompt: asked }) } : typed), (error: unknown) => console.warn('Draft not readable', error)).finally(() => setReady(true));
    // Once, for the address that the page was opened with.
     
  }, []);

  useEffect(() => {
    if (!ready) return;
    const timer = setTimeout(() => keepDraft(form).catch((error: unknown) => console.warn('Draft not kept', error)), 300);
    latest.current = form;
    return () => clearTimeout(timer);
  }, [form, ready]);

  // Who leaves within those milliseconds loses nothing.
  useEffect(() => () => void (latest.current && keepDraft(latest.current).catch((error: unknown) => console.warn('Draft not kept', error))), []);

  const onAccepted = useCallback(() => {
    // The list of jobs stands above the form.
    scrollTo({ top: 0, behavior: 'smooth' });
    // The words stay for the next take; the seed was for this one unless it is locked.
    setForm(old => ({ ...old, title: undefined }));
  }, []);
  const generation = useGeneration(onAccepted);
  const set = (change: Partial<Body>) => setForm(old => ({ ...old, ...change }));
  const problem = generation.error instanceof ApiError ? generation.error : null;
  const fieldError = useFieldError();
  const errorOf = (field: keyof Body) => fieldError(problem, field);
  const spent = limits.data?.remaining === 0;

  function submit(event: FormEvent) {
    event.preventDefault();
    void generation.send(clean(form, custom));
  }

  return (
    <div className="page max-w-3xl">
      <div className="mb-5 flex flex-wrap items-center justify-between gap-3">
        <h1 className="text-3xl font-bold">{t('theGenerator.title')}</h1>
        <Modes custom={custom} onChange={next => setParams(next ? { mode: 'custom' } : {}, { replace: true })} />
      </div>
      {generation.unanswered && !generation.busy && <Unanswered prompt={generation.unanswered.body.prompt ?? ''} onSend={() => void generation.send(generation.unanswered!.body)} onDiscard={() => void generation.discard()} />}
      <JobList className="mb-6" />
      <form className="flex flex-col gap-6" onSubmit={submit}>
        <div className="card flex flex-col gap-5 p-4 sm:p-6">
          <TextArea
            label={t('prompt')} placeholder={t('promptExample')} value={form.prompt ?? ''} maxLength={longest} required rows={3} disabled={!ready}
            onChange={event => set({ prompt: event.target.value })} hint={longest - (form.prompt?.length ?? 0) < 300 ? t('promptHint', { count: longest - (form.prompt?.length ?? 0) }) : undefined} error={errorOf('prompt')} className="[&_textarea]:text-base"
          />
          <GenreChips value={form.genre ?? null} onChange={genre => set({ genre })} />
          <LyricsEditor value={form.lyrics ?? ''} onChange={lyrics => set({ lyrics, instrumental: lyrics.trim() ? false : undefined })} error={errorOf('lyrics')} />
          <VoiceMemo value={form.voiceMemoId ?? null} onChange={voiceMemoId => set({ voiceMemoId })} />
        </div>
        {custom && (
          <div className="card flex flex-col gap-5 p-4 sm:p-6">
            <Field label={t('title')} hint={t('titleHint')} value={form.title ?? ''} maxLength={120} onChange={event => set({ title: event.target.value })} error={errorOf('title')} />
            <CustomFields form={form} set={set} limits={limits.data} errorOf={errorOf} />
          </div>
        )}
        {problem?.slug === 'quota-exceeded' || spent
          ? <OutOfQuota resetAt={(problem?.problem['resetAt'] as string | undefined) ?? limits.data?.resetAt ?? null} upgradeTo={problem?.problem['upgradeTo'] as string | undefined} onReset={() => void limits.refetch()} />
          : generation.error && !(generation.error instanceof OfflineError) && problem?.slug !== 'validation' ? <ErrorState inline error={generation.error} /> : null}
        <div className="sticky bottom-[calc(var(--player)+var(--tabs)+0.5rem)] z-10 flex flex-wrap items-center gap-3 rounded-2xl border border-line bg-raised/95 p-3 pl-4 backdrop-blur">
          <Cost limits={limits} />
          <Button type="submit" look="primary" icon={WandSparkles} busy={generation.busy} disabled={!ready || spent || !form.prompt?.trim()} className="ml-auto min-h-12 px-7">{t('submit')}</Button>
        </div>
      </form>
    </div>
  );
}

/** What is sent: nothing empty, and of the custom fields only what is on the screen. */
export function clean(form: Body, custom: boolean): Body {
  const { prompt, genre, lyrics, instrumental, voiceMemoId } = form;
  const chosen = custom ? form : { prompt, genre, lyrics, instrumental, voiceMemoId };
  return Object.fromEntries(Object.entries(chosen).filter(([, value]) => value !== null && value !== undefined && value !== '')) as Body;
}

function Modes({ custom, onChange }: { custom: boolean; onChange: (custom: boolean) => void }) {
  const { t } = useTranslation('generator');
  return (
    <div role="group" aria-label={t('mode.label')} className="flex rounded-full border border-line bg-surface p-1">
      {[false, true].map(mode => (
        <button key={String(mode)} type="button" aria-pressed={custom === mode} onClick={() => onChange(mode)} className={cx('min-h-11 rounded-full px-5 text-sm font-bold', custom === mode ? 'bg-raised text-cyan' : 'text-muted')}>{t(mode ? 'mode.custom' : 'mode.simple')}</button>
      ))}
    </div>
  );
}

/** A song whose answer was never seen. It is sent again only when asked for. */
function Unanswered({ prompt, onSend, onDiscard }: { prompt: string; onSend: () => void; onDiscard: () => void }) {
  const { t } = useTranslation('generator');
  return (
    <div role="alert" className="mb-5 flex flex-col gap-3 rounded-2xl border border-warn/60 bg-warn/5 p-4">
      <p className="font-bold">{t('unanswered.title')}</p>
      <p className="text-sm text-muted">{t('unanswered.hint', { prompt: prompt.slice(0, 80) })}</p>
      <div className="flex flex-wrap gap-2">
        <Button look="primary" onClick={onSend}>{t('unanswered.send')}</Button>
        <Button look="quiet" onClick={onDiscard}>{t('unanswered.discard')}</Button>
      </div>
    </div>
  );
}
