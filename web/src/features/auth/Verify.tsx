import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { api } from '@/api/client';
import { loadMe, useSession } from '@/api/session';
import { Button, ButtonLink, ErrorState, usePageTitle } from '@/ui';
import { AuthCard } from './AuthCard';

/** A click, not the mere opening of the link, spends its token: mail scanners open links, too. */
export default function Verify() {
  const { t } = useTranslation('auth');
  const [params] = useSearchParams();
  const token = params.get('token');
  const isMember = useSession(state => state.status === 'member');
  usePageTitle(t('verify.title'));
  const verify = useMutation({
    mutationFn: () => api.POST('/api/auth/email/verify', { body: { token: token ?? '' } }),
    onSuccess: () => (isMember ? loadMe() : undefined),
  });
  const resend = useMutation({ mutationFn: () => api.POST('/api/auth/email/resend') });
  if (verify.isSuccess) return <AuthCard title={t('verify.done')} lead={t('verify.doneLead')}><ButtonLink look="primary" to="/">{t('verify.home')}</ButtonLink></AuthCard>;
  return (
    <AuthCard title={t('verify.title')} lead={t('verify.lead')}>
      {verify.error && <ErrorState inline error={verify.error} />}
      {token === null
        ? <p className="text-muted">{t('verify.open')}</p>
        : <Button look="primary" busy={verify.isPending} onClick={() => verify.mutate()}>{t('verify.submit')}</Button>}
      {token === null && !isMember && <ButtonLink to="/login?to=/verify">{t('verify.signIn')}</ButtonLink>}
      {isMember && (
        <>
          <Button busy={resend.isPending} disabled={resend.isSuccess} onClick={() => resend.mutate()}>{t(resend.isSuccess ? 'verify.resent' : 'verify.resend')}</Button>
          {resend.error && <ErrorState inline error={resend.error} />}
        </>
      )}
    </AuthCard>
  );
}
