import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { api, body, type Schemas } from '@/api/client';
import { signOut, useSession } from '@/api/session';
import { bytes } from '@/texts/format';
import { Button, Dialog, ErrorState, Field, ProgressBar, Skeleton, toast, useFieldError } from '@/ui';
import { Card } from './Card';
import { atFields } from './errors';

export function Privacy() {
  return <><Visibility /><Export /><Deletion /></>;
}

function Visibility() {
  const { t } = useTranslation('settings');
  const client = useQueryClient();
  const key = ['settings'];
  const settings = useQuery({ queryKey: key, queryFn: () => body(api.GET('/api/profiles/me/settings')) });
  const save = useMutation({
    mutationFn: (next: Schemas['SettingsView']) => body(api.PUT('/api/profiles/me/settings', { body: next })),
    onMutate: next => client.setQueryData(key, next),
    onSettled: () => client.invalidateQueries({ queryKey: key }),
  });
  if (settings.isPending) return <Skeleton className="h-40" />;
  if (settings.isError) return <ErrorState error={settings.error} onRetry={() => void settings.refetch()} />;
  const now = settings.data;
  const switches: [string, boolean, (on: boolean) => Schemas['SettingsView']][] = [
    ['follows', now.privacy.followsVisible, on => ({ ...now, privacy: { ...now.privacy, followsVisible: on } })],
    ['stats', now.privacy.statsVisible, on => ({ ...now, privacy: { ...now.privacy, statsVisible: on } })],
    ['analytics', !now.analyticsOptOut, on => ({ ...now, analyticsOptOut: !on })],
  ];
  return (
    <Card title={t('privacy.title')}>
      <div className="flex flex-col">
        {switches.map(([name, on, change]) => (
          <label key={name} className="flex min-h-11 cursor-pointer items-center gap-3 text-sm">
            <input type="checkbox" checked={on} onChange={event => save.mutate(change(event.target.checked))} className="size-5 accent-cyan" />{t(`privacy.${name}`)}
          </label>
        ))}
      </div>
      {save.error && <ErrorState inline error={save.error} />}
    </Card>
  );
}

const remembered = 'son1k.export';

/** The zip is packed by the services; the page follows it, also after a reload. */
function Export() {
  const { t } = useTranslation('settings');
  const client = useQueryClient();
  const [id, setId] = useState(() => localStorage.getItem(remembered));
  const state = useQuery({
    queryKey: ['export', id], enabled: id !== null, retry: false,
    queryFn: () => body(api.GET('/api/auth/export/{id}', { params: { path: { id: id! } } })),
    refetchInterval: ({ state }) => (state.data && (state.data.status === 'gathering' || state.data.status === 'packing') ? 1000 : false),
  });
  const ask = useMutation({
    mutationFn: () => body(api.POST('/api/auth/export')),
    onSuccess: wanted => {
      localStorage.setItem(remembered, wanted.id);
      client.setQueryData(['export', wanted.id], wanted);
      setId(wanted.id);
    },
  });
  const now = state.data;
  const working = now?.status === 'gathering' || now?.status === 'packing';
  return (
    <Card title={t('export.title')} hint={t('export.hint')}>
      {working && (
        <div>
          <p className="text-sm">{t(`export.${now.status}`)}</p>
          <ProgressBar label={t('export.title')} percent={now.progress} className="mt-2 h-1.5 bg-line" />
        </div>
      )}
      {now?.status === 'failed' && <p role="alert" className="text-sm text-danger">{t('export.failed')}</p>}
      <div className="flex flex-wrap gap-2">
        {now?.url && <a href={now.url} download className="inline-flex min-h-11 items-center gap-2 rounded-full bg-accent px-5 text-sm font-bold text-on-accent"><Download aria-hidden className="size-4" />{t('export.get', { size: now.bytes === null ? '' : bytes(now.bytes) })}</a>}
        {!working && <Button busy={ask.isPending} onClick={() => ask.mutate()}>{t('export.ask')}</Button>}
      </div>
      {ask.error && <ErrorState inline error={ask.error} />}
    </Card>
  );
}

/** For good: the name is typed and the password given before. */
function Deletion() {
  const { t } = useTranslation('settings');
  const navigate = useNavigate();
  const client = useQueryClient();
  const username = useSession(state => state.me)!.username;
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState('');
  const fieldError = useFieldError();
  const remove = useMutation({
    mutationFn: (password: string) => api.DELETE('/api/auth/me', { body: { password } }),
    onSuccess: async () => {
      await signOut();
      client.clear();
      toast(t('deletion.done'));
      await navigate('/');
    },
  });
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    remove.mutate(String(new FormData(event.currentTarget).get('password')));
  }
  return (
    <Card title={t('deletion.title')} hint={t('deletion.hint')}>
      <Button look="danger" className="self-start" onClick={() => setOpen(true)}>{t('deletion.title')}</Button>
      <Dialog open={open} onOpenChange={setOpen} title={t('deletion.title')} description={t('deletion.what')}>
        <form onSubmit={submit} className="flex flex-col gap-4">
          <Field label={t('deletion.type', { username })} value={typed} onChange={event => setTyped(event.target.value)} autoComplete="off" autoCapitalize="none" required />
          <Field label={t('currentPassword')} name="password" type="password" autoComplete="current-password" required error={fieldError(remove.error, 'password', { 'wrong-password': t('wrongPassword') })} />
          {remove.error && !atFields(remove.error, ['wrong-password']) && <ErrorState inline error={remove.error} />}
          <div className="flex flex-wrap justify-end gap-2">
            <Button look="quiet" onClick={() => setOpen(false)}>{t('common:cancel')}</Button>
            <Button type="submit" look="danger" busy={remove.isPending} disabled={typed.trim() !== username}>{t('deletion.title')}</Button>
          </div>
        </form>
      </Dialog>
    </Card>
  );
}
