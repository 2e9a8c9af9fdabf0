import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Shuffle, StepForward, WandSparkles } from 'lucide-react';
import { useRef, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { api, body, idempotent, type Schemas } from '@/api/client';
import { ApiError } from '@/api/problem';
import { Button, ButtonLink, Dialog, ErrorState, Field, Skeleton, TextArea, toast } from '@/ui';
import { useLimits } from '../generator/allowance';
import { Cost } from '../generator/Cost';
import { addJob } from '../generator/jobs';
import { OutOfQuota } from '../generator/OutOfQuota';

type Kind = 'remix' | 'extend' | 'variations';
type Wishes = Schemas['RemixRequest'] & Schemas['ExtendRequest'];

/** New songs from this one. */
export function Rework({ id, isMember }: { id: string; isMember: boolean }) {
  const { t } = useTranslation('track');
  const [kind, setKind] = useState<Kind | null>(null);
  if (!isMember) return <p className="card p-4 text-sm text-muted">{t('rework.signIn')} <ButtonLink to={`/register?to=/t/${id}`} className="mt-3">{t('rework.register')}</ButtonLink></p>;
  return (
    <section aria-labelledby="rework" className="card flex flex-col gap-3 p-4">
      <h2 id="rework" className="text-lg font-bold">{t('rework.title')}</h2>
      <div className="flex flex-wrap gap-2">
        <Button icon={WandSparkles} onClick={() => setKind('remix')}>{t('rework.remix')}</Button>
        <Button icon={StepForward} onClick={() => setKind('extend')}>{t('rework.extend')}</Button>
        <Button icon={Shuffle} onClick={() => setKind('variations')}>{t('rework.variations')}</Button>
      </div>
      <Suggestions id={id} />
      {kind && <ReworkDialog id={id} kind={kind} onClose={() => setKind(null)} />}
    </section>
  );
}

/** Asks for new songs once: the key stays for retries of the same wish, and changes with it. */
function useRework(id: string, onDone: () => void) {
  const { t } = useTranslation('track');
  const client = useQueryClient();
  const last = useRef({ wish: '', key: '' });
  return useMutation({
    mutationFn: async ({ kind, wishes }: { kind: Kind; wishes: Wishes }) => {
      const wish = JSON.stringify([kind, wishes]);
      if (last.current.wish !== wish) last.current = { wish, key: crypto.randomUUID() };
      const options = { params: { path: { id } }, headers: idempotent(last.current.key) };
      if (kind === 'variations') return (await body(api.POST('/api/generations/{id}/variations', { ...options, body: wishes })))?.items ?? [];
      return [await body(kind === 'remix' ? api.POST('/api/generations/{id}/remix', { ...options, body: wishes }) : api.POST('/api/generations/{id}/extend', { ...options, body: wishes }))];
    },
    onSuccess: accepted => {
      last.current = { wish: '', key: '' };
      accepted.forEach(one => addJob(one as Schemas['GenerationView']));
      toast(t('rework.started', { count: accepted.length }));
      void client.invalidateQueries({ queryKey: ['limits'] });
      onDone();
    },
  });
}

function ReworkDialog({ id, kind, onClose }: { id: string; kind: Kind; onClose: () => void }) {
  const { t } = useTranslation('track');
  const limits = useLimits();
  const rework = useRework(id, onClose);
  const units = kind === 'variations' ? 2 : 1;
  const spent = limits.data?.remaining !== null && limits.data?.remaining !== undefined && limits.data.remaining < units;
  const problem = rework.error instanceof ApiError ? rework.error : null;
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const fields = Object.fromEntries([...new FormData(event.currentTarget)].filter(([, value]) => value !== '')) as Record<string, string>;
    const { tempo, seconds, ...texts } = fields;
    rework.mutate({ kind, wishes: { ...texts, ...(tempo && { tempo: Number(tempo) }), ...(seconds && { seconds: Number(seconds) }) } });
  }
  return (
    <Dialog open onOpenChange={open => !open && onClose()} title={t(`rework.${kind}`)} description={t(`rework.${kind}Hint`)}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        {kind === 'remix' && (
          <>
            <Field label={t('rework.style')} placeholder={t('rework.styleExample')} name="style" maxLength={200} error={problem?.fieldErrors['style']} />
            <TextArea label={t('rework.prompt')} name="prompt" maxLength={2000} rows={2} error={problem?.fieldErrors['prompt']} />
            <div className="grid grid-cols-2 gap-3">
              <Field label={t('rework.tempo')} name="tempo" type="number" min={40} max={240} error={problem?.fieldErrors['tempo']} />
              <Field label={t('rework.key')} name="key" placeholder={t('rework.keyExample')} error={problem?.fieldErrors['key']} />
            </div>
          </>
        )}
        {kind === 'extend' && <Field label={t('rework.seconds')} name="seconds" type="number" min={5} max={290} defaultValue={30} error={problem?.fieldErrors['seconds']} />}
        {spent || problem?.slug === 'quota-exceeded'
          ? <OutOfQuota resetAt={limits.data?.resetAt ?? null} onReset={() => void limits.refetch()} />
          : rework.error && problem?.slug !== 'validation' && <ErrorState inline error={rework.error} />}
        <div className="flex flex-wrap items-center justify-between gap-3">
          <Cost limits={limits.data} units={units} />
          <Button type="submit" look="primary" busy={rework.isPending} disabled={spent}>{t('rework.submit', { count: units })}</Button>
        </div>
      </form>
    </Dialog>
  );
}

function Suggestions({ id }: { id: string }) {
  const { t, i18n } = useTranslation('track');
  const suggestions = useQuery({ queryKey: ['suggestions', id], queryFn: () => body(api.GET('/api/generations/{id}/suggestions', { params: { path: { id } } })), staleTime: Infinity });
  const rework = useRework(id, () => undefined);
  if (suggestions.isPending) return <Skeleton className="h-32" />;
  if (suggestions.isError) return <ErrorState inline error={suggestions.error} onRetry={() => void suggestions.refetch()} />;
  return (
    <div className="flex flex-col gap-2">
      <h3 className="text-sm font-bold text-muted">{t('rework.suggestions')}</h3>
      {rework.error && <ErrorState inline error={rework.error} />}
      <ul className="flex flex-col gap-2">
        {suggestions.data.items?.slice(0, 4).map((one, index) => (
          <li key={index} className="flex items-center gap-3 rounded-xl bg-bg p-3">
            <p className="flex-1 text-sm">{i18n.language === 'es' ? one.reasonEs : one.reason}</p>
            <Button disabled={rework.isPending} onClick={() => rework.mutate({ kind: one.action as Kind, wishes: one.body as Wishes })}>{t(`rework.${one.action as Kind}`)}</Button>
          </li>
        ))}
      </ul>
    </div>
  );
}
