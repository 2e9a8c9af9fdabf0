import { useMutation } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { api, body } from '@/api/client';
import { ApiError } from '@/api/problem';
import { signIn } from '@/api/session';
import { Button, ErrorState, Field, useFieldError, usePageTitle, useProblemText } from '@/ui';
import { AuthCard, authLink } from './AuthCard';
import { destination } from './destination';

/** The field that a refusal belongs to, where it belongs to one. */
const fieldOf: Record<string, string> = { 'email-taken': 'email', 'username-taken': 'username' };

export default function Register() {
  const { t } = useTranslation('auth');
  const [params] = useSearchParams();
  const navigate = useNavigate();
  const problemText = useProblemText();
  const fieldError = useFieldError();
  usePageTitle(t('register.title'));
  const register = useMutation({
    mutationFn: async (form: { email: string; username: string; password: string }) => signIn(await body(api.POST('/api/auth/register', { body: form }))),
    onSuccess: () => navigate(params.has('to') ? destination(params.get('to')) : '/create', { replace: true }),
  });
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = Object.fromEntries(new FormData(event.currentTarget)) as { email: string; username: string; password: string };
    register.mutate({ ...form, email: form.email.trim(), username: form.username.trim() });
  }
  const problem = register.error instanceof ApiError ? register.error : null;
  const errorOf = (field: string) => (problem && fieldOf[problem.slug] === field ? problemText(problem).title : fieldError(problem, field));
  const placed = problem && (fieldOf[problem.slug] ?? problem.slug === 'validation');
  const again = params.size ? `?${params}` : '';
  return (
    <AuthCard title={t('register.title')} lead={t('register.lead')} after={<>{t('register.known')} <Link className={authLink} to={`/login${again}`}>{t('login.title')}</Link></>}>
      <form className="flex flex-col gap-4" onSubmit={submit}>
        <Field label={t('email')} name="email" type="email" autoComplete="email" required autoFocus error={errorOf('email')} />
        <Field label={t('register.username')} hint={t('register.usernameHint')} name="username" autoComplete="username" autoCapitalize="none" spellCheck={false} required error={errorOf('username')} />
        <Field label={t('password')} hint={t('passwordHint')} name="password" type="password" autoComplete="new-password" minLength={10} required error={errorOf('password')} />
        {register.error && !placed && <ErrorState inline error={register.error} />}
        <Button type="submit" look="primary" busy={register.isPending}>{t('register.submit')}</Button>
      </form>
    </AuthCard>
  );
}
