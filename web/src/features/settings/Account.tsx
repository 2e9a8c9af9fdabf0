import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { MailCheck, TriangleAlert } from 'lucide-react';
import { type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { api, body, type Schemas } from '@/api/client';
import { useSession } from '@/api/session';
import { setLanguage, type Language } from '@/texts/i18n';
import { Button, ErrorState, Field, Select, Skeleton, toast, useFieldError } from '@/ui';
import { Card } from './Card';
import { atFields } from './errors';

export function Account() {
  return <><LanguageCard /><Email /></>;
}

/** The page's language changes at once; mails follow it. */
function LanguageCard() {
  const { t, i18n } = useTranslation('settings');
  const client = useQueryClient();
  const settings = useQuery({ queryKey: ['settings'], queryFn: () => body(api.GET('/api/profiles/me/settings')) });
  const save = useMutation({
    mutationFn: (language: Language) => body(api.PUT('/api/profiles/me/settings', { body: { ...settings.data, language } as Schemas['SettingsRequest'] })),
    onMutate: language => void setLanguage(language),
    onSuccess: saved => client.setQueryData(['settings'], saved),
  });
  if (settings.isPending) return <Skeleton className="h-32" />;
  if (settings.isError) return <ErrorState error={settings.error} onRetry={() => void settings.refetch()} />;
  return (
    <Card title={t('language.title')} hint={t('language.hint')}>
      <Select label={t('language.title')} hideLabel className="max-w-60" value={i18n.language} onChange={event => save.mutate(event.target.value as Language)}>
        {(['es', 'en'] as const).map(one => <option key={one} value={one} lang={one}>{t(`language.${one}`)}</option>)}
      </Select>
      {save.error && <ErrorState inline error={save.error} />}
    </Card>
  );
}

function Email() {
  const { t } = useTranslation('settings');
  const me = useSession(state => state.me)!;
  const resend = useMutation({ mutationFn: () => api.POST('/api/auth/email/resend'), onSuccess: () => toast(t('email.sent', { email: me.email })) });
  const fieldError = useFieldError();
  const change = useMutation({ mutationFn: (form: { email: string; password: string }) => api.PUT('/api/auth/email', { body: form }), onSuccess: (_, { email }) => toast(t('email.sent', { email })) });
  const wrong = { 'wrong-password': t('wrongPassword') };
  const taken = { 'email-taken': t('email.taken') };
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    change.mutate({ email: String(form.get('email')).trim(), password: String(form.get('password')) });
  }
  return (
    <Card title={t('email.title')} hint={t('email.hint')}>
      <p className="flex flex-wrap items-center gap-2 text-sm">
        {me.emailVerified ? <MailCheck aria-hidden className="size-5 text-good" /> : <TriangleAlert aria-hidden className="size-5 text-warn" />}
        <span className="break-all">{me.email}</span><span className="text-muted">{t(me.emailVerified ? 'email.verified' : 'email.unverified')}</span>
        {!me.emailVerified && <Button look="quiet" busy={resend.isPending} onClick={() => resend.mutate()}>{t('email.resend')}</Button>}
      </p>
      {resend.error && <ErrorState inline error={resend.error} />}
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Field label={t('email.new')} name="email" type="email" autoComplete="email" required error={fieldError(change.error, 'email', taken)} />
        <Field label={t('currentPassword')} name="password" type="password" autoComplete="current-password" required error={fieldError(change.error, 'password', wrong)} />
        {change.error && !atFields(change.error, ['wrong-password', 'email-taken']) && <ErrorState inline error={change.error} />}
        <Button type="submit" busy={change.isPending} className="self-start">{t('email.change')}</Button>
      </form>
    </Card>
  );
}
