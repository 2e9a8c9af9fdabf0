import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useSession } from '@/api/session';
import { languages, setLanguage } from '@/texts/i18n';
import { ButtonLink } from '@/ui/Button';
import { Logo } from './Logo';

/** Visitors need none of what opens it. */
const MemberMenu = lazy(() => import('./MemberMenu'));

export function TopBar() {
  const { t, i18n } = useTranslation();
  const { status, me } = useSession();
  const other = languages.find(language => language !== i18n.language) ?? 'en';
  return (
    <header className="sticky top-0 z-20 flex min-h-14 items-center gap-2 border-b border-line/60 bg-bg/90 px-3 backdrop-blur sm:px-6">
      <Link to="/" aria-label="Son1kVers3" className="grid size-11 place-items-center sm:hidden"><Logo /></Link>
      <span className="flex-1" />
      <button type="button" lang={other} aria-label={`${t('nav.language')}: ${other.toUpperCase()}`} onClick={() => void setLanguage(other)} className="grid size-11 place-items-center rounded-full text-sm font-bold text-muted hover:bg-raised hover:text-text">{other.toUpperCase()}</button>
      {status === 'visitor' && (
        <>
          <ButtonLink to="/login" look="quiet" className="px-3 max-sm:hidden">{t('nav.login')}</ButtonLink>
          <ButtonLink to="/register" look="primary">{t('nav.register')}</ButtonLink>
        </>
      )}
      {me && <Suspense fallback={<span className="size-11" />}><MemberMenu me={me} /></Suspense>}
    </header>
  );
}
