import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useId, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { api, body, type Schemas } from '@/api/client';
import { useSession } from '@/api/session';
import { Button, ErrorState, Field, Skeleton } from '@/ui';
import { pushState, turnOffPush, turnOnPush } from './push';

type Kind = Schemas['NotificationKind'];
type Settings = Schemas['PreferencesView'];
interface Settable { now: Settings; set: (change: Partial<Settings>) => void }
const kinds: Kind[] = ['track-completed', 'track-failed', 'track-liked', 'track-commented', 'followed', 'track-contributed', 'track-claimed', 'collection-shared', 'badge-awarded', 'alvae-granted', 'alvae-revoked', 'alvae-feedback', 'track-hidden', 'track-restored', 'export-ready', 'quota-exhausted', 'content-hidden', 'content-restored', 'appeal-rejected', 'report-accepted', 'report-dismissed', 'challenge-won', 'challenge-closed', 'challenge-cancelled'];
const night = { from: '22:00', to: '07:00' };

/** What is told, how, and when. Kept at once, taken back when the service refuses. */
export function Preferences() {
  const client = useQueryClient();
  const key = ['notifications', 'preferences'];
  const preferences = useQuery({ queryKey: key, queryFn: () => body(api.GET('/api/notifications/preferences')) });
  const save = useMutation({
    mutationFn: (next: Settings) => body(api.PUT('/api/notifications/preferences', { body: next })),
    onMutate: next => client.setQueryData(key, next),
    onSettled: () => client.invalidateQueries({ queryKey: key }),
  });
  if (preferences.isPending) return <Skeleton className="h-80" />;
  if (preferences.isError) return <ErrorState error={preferences.error} onRetry={() => void preferences.refetch()} />;
  const settable: Settable = { now: preferences.data, set: change => save.mutate({ ...preferences.data, ...change }) };
  return (
    <div className="flex flex-col gap-4">
      {save.error && <ErrorState inline error={save.error} />}
      <Push />
      <QuietHours {...settable} />
      <Digest {...settable} />
      <Kinds {...settable} />
    </div>
  );
}

/** In this browser, while the app is closed. */
function Push() {
  const { t } = useTranslation('notifications');
  const client = useQueryClient();
  const member = useSession(state => state.me)!.id;
  const key = ['notifications', 'push', member];
  const state = useQuery({ queryKey: key, queryFn: () => pushState(member) });
  const turn = useMutation({ mutationFn: (on: boolean) => (on ? turnOnPush(member) : turnOffPush()), onSettled: () => client.invalidateQueries({ queryKey: key }) });
  if (!state.data) return null;
  const on = state.data === 'on';
  return (
    <Group title={t('push.title')} hint={t(`push.${state.data}`)}>
      {(on || state.data === 'off') && <Button look={on ? 'quiet' : 'primary'} className="self-start" busy={turn.isPending} onClick={() => turn.mutate(!on)}>{t(on ? 'push.turnOff' : 'push.turnOn')}</Button>}
      {turn.error && <ErrorState inline error={turn.error} />}
    </Group>
  );
}

/** By the clock of where the member is: the browser's zone goes with every change. */
function QuietHours({ now, set }: Settable) {
  const { t } = useTranslation('notifications');
  const hours = now.quietHours;
  const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const between = (change: Partial<typeof night>) => {
    const next = { ...night, ...hours, ...change };
    if (next.from && next.to && next.from !== next.to) set({ quietHours: next, timeZone });
  };
  return (
    <Group title={t('quiet.title')} hint={t('quiet.hint')}>
      <Check checked={hours !== null} onChange={on => set({ quietHours: on ? night : null, timeZone })}>{t('quiet.on')}</Check>
      {hours && (
        <div className="flex flex-wrap items-end gap-4">
          <Field label={t('quiet.from')} type="time" required value={hours.from ?? ''} onChange={event => between({ from: event.target.value })} />
          <Field label={t('quiet.to')} type="time" required value={hours.to ?? ''} onChange={event => between({ to: event.target.value })} />
          <p className="py-3 text-sm text-muted">{now.timeZone}</p>
        </div>
      )}
    </Group>
  );
}

function Digest({ now, set }: Settable) {
  const { t } = useTranslation('notifications');
  const verified = useSession(state => state.me)!.emailVerified;
  return (
    <Group title={t('digest.title')} hint={verified ? t('digest.hint') : t('digest.unverified')}>
      <Check checked={now.emailDigest} onChange={on => set({ emailDigest: on, timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone })}>{t('digest.on')}</Check>
    </Group>
  );
}

function Kinds({ now: { muted }, set }: Settable) {
  const { t } = useTranslation('notifications');
  return (
    <Group title={t('tell.title')}>
      {kinds.map(kind => (
        <Check key={kind} checked={!muted.includes(kind)} onChange={on => set({ muted: on ? muted.filter(one => one !== kind) : [...muted, kind] })}>{t(`tell.${kind}`)}</Check>
      ))}
    </Group>
  );
}

function Group({ title, hint, children }: { title: string; hint?: string; children: ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="card flex flex-col gap-2 p-5">
      <h2 id={id} className="font-bold">{title}</h2>
      {hint && <p className="text-sm text-muted">{hint}</p>}
      {children}
    </section>
  );
}

function Check({ checked, onChange, children }: { checked: boolean; onChange: (on: boolean) => void; children: ReactNode }) {
  return (
    <label className="flex min-h-11 cursor-pointer items-center gap-3 text-sm">
      <input type="checkbox" checked={checked} onChange={event => onChange(event.target.checked)} className="size-5 accent-cyan" />{children}
    </label>
  );
}
