import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Navigate, useLocation } from 'react-router';
import { useSession } from '@/api/session';
import type { Access } from '@/routes';
import { ButtonLink } from '@/ui/Button';
import { usePageTitle } from '@/ui/usePageTitle';

/** Members' pages send a visitor to sign in and back; operators' pages show a member nothing but that. */
export function Guard({ access, children }: { access: Access; children: ReactNode }) {
  const { status, me } = useSession();
  const { pathname, search } = useLocation();
  if (access === 'public') return children;
  if (status === 'unknown') return <div className="page" aria-busy />;
  if (status === 'visitor') return <Navigate replace to={`/login?to=${encodeURIComponent(pathname + search)}`} />;
  if (access === 'operator' && !me?.roles.includes('operator')) return <Forbidden />;
  return children;
}

function Forbidden() {
  const { t } = useTranslation();
  usePageTitle('403');
  return (
    <div className="page flex flex-col items-center gap-4 pt-24 text-center">
      <h1 className="text-2xl font-bold">{t('forbidden.title')}</h1>
      <ButtonLink to="/" look="primary">{t('forbidden.home')}</ButtonLink>
    </div>
  );
}
