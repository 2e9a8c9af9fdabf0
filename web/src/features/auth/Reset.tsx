import { useMutation } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { api } from '@/api/client';
import { Button, ButtonLink, ErrorState, Field, useFieldError, usePageTitle } from '@/ui';
import { AuthCard, authLink } from './AuthCard';

/** Without a token: asks for the mail. With the token of its link: takes the new password. */
export default function Reset() {
  const [params] = useSearchParams();
  const token = params.get('token');
  return token ? <NewPassword token={token} /> : <AskForMail />;
}

function AskForMail() {
  const { t } = useTranslation('auth');
  usePageTitle(t('reset.title'));
  const ask = useMutation({ mutationFn: (email: string) => api.POST('/api/auth/password/reset', { body: { email } }) });
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    ask.mutate((new FormData(event.currentTarget).get('email') as string).trim());
  }
  if (ask.isSuccess) return <AuthCard title={t('reset.sent')} lead={t('reset.sentLead')}><ButtonLink to="/login">{t('reset.back')}</ButtonLink></AuthCard>;
  return (
    <AuthCard title={t('reset.title')} lead={t('reset.lead')} after={<Link className={authLink} to="/login">{t('reset.back')}</Link>}>
      <form className="flex flex-col gap-4" onSubmit={submit}>
        <Field label={t('email')} name="email" type="email" autoComplete="email" required autoFocus />
        {ask.error && <ErrorState inline error={ask.error} />}
        <Button type="submit" look="primary" busy={ask.isPending}>{t('reset.submit')}</Button>
      </form>
    </AuthCard>
  );
}

function NewPassword({ token }: { token: string }) {
  const { t } = useTranslation('auth');
  usePageTitle(t('reset.newTitle'));
  const confirm = useMutation({ mutationFn: (password: string) => api.POST('/api/auth/password/reset/confirm', { body: { token, password } }) });
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    confirm.mutate(new FormData(event.currentTarget).get('password') as string);
  }
  if (confirm.isSuccess) return <AuthCard title={t('reset.done')} lead={t('reset.doneLead')}><ButtonLink look="primary" to="/login">{t('login.title')}</ButtonLink></AuthCard>;
  const fieldError = useFieldError()(confirm.error, 'password');
  return (
    <AuthCard title={t('reset.newTitle')} lead={t('reset.newLead')} after={<Link className={authLink} to="/reset">{t('reset.another')}</Link>}>
      <form className="flex flex-col gap-4" onSubmit={submit}>
        <Field label={t('reset.newPassword')} hint={t('passwordHint')} name="password" type="password" autoComplete="new-password" minLength={10} required autoFocus error={fieldError} />
        {confirm.error && !fieldError && <ErrorState inline error={confirm.error} />}
        <Button type="submit" look="primary" busy={confirm.isPending}>{t('reset.newSubmit')}</Button>
      </form>
    </AuthCard>
  );
}
