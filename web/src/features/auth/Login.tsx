import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { api, body } from '@/api/client';
import { ApiError } from '@/api/problem';
import { signIn } from '@/api/session';
import { Button, ErrorState, Field, usePageTitle } from '@/ui';
import { AuthCard, authLink } from './AuthCard';
import { destination } from './destination';

export default function Login() {
  const { t } = useTranslation('auth');
  const [params] = useSearchParams();
  const navigate = useNavigate();
  const [needsCode, setNeedsCode] = useState(false);
  usePageTitle(t('login.title'));
  const login = useMutation({
    mutationFn: async (form: { login: string; password: string; code: string | null }) => signIn(await body(api.POST('/api/auth/login', { body: form }))),
    onSuccess: () => navigate(destination(params.get('to')), { replace: true }),
    onError: error => error instanceof ApiError && error.slug === 'second-factor-required' && setNeedsCode(true),
  });
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => ((form.get(name) as string | null) ?? '').trim();
    login.mutate({ login: text('login'), password: (form.get('password') as string | null) ?? '', code: text('code') || null });
  }
  const asksForCode = login.error instanceof ApiError && login.error.slug === 'second-factor-required';
  const again = params.size ? `?${params}` : '';
  return (
    <AuthCard
      title={t('login.title')} lead={params.has('to') ? t('login.toGoOn') : undefined}
      after={<>{t('login.new')} <Link className={authLink} to={`/register${again}`}>{t('register.title')}</Link></>}
    >
      <form className="flex flex-col gap-4" onSubmit={submit}>
        <Field label={t('login.name')} name="login" autoComplete="username" autoCapitalize="none" spellCheck={false} required autoFocus />
        <Field label={t('password')} name="password" type="password" autoComplete="current-password" required />
        {needsCode && <Field label={t('login.code')} hint={t('login.codeHint')} name="code" autoComplete="one-time-code" required autoFocus />}
        {login.error && !asksForCode && <ErrorState inline error={login.error} />}
        <Button type="submit" look="primary" busy={login.isPending}>{t('login.submit')}</Button>
      </form>
      <Link className={authLink} to="/reset">{t('login.forgot')}</Link>
    </AuthCard>
  );
}
