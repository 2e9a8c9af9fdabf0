import { useTranslation } from 'react-i18next';
import { Link, NavLink } from 'react-router';
import { useSession } from '@/api/session';
import { cx } from '@/ui/cx';
import { Logo } from './Logo';
import { places } from './places';

const brand = 'Son1kVers3';

export function Rail() {
  const { t } = useTranslation();
  const { status, me } = useSession();
  const seen = places.filter(place => place.access === 'public' || (status === 'member' && (place.access === 'member' || me?.roles.includes('operator'))));
  return (
    <nav aria-label={t('nav.label')} className="fixed bottom-[var(--player)] left-0 top-0 z-30 hidden w-[var(--rail)] flex-col gap-1 overflow-y-auto border-r border-line bg-bg px-3 py-4 sm:flex">
      <Link to="/" className="mb-3 flex min-h-11 items-center justify-center gap-2 rounded-xl lg:justify-start lg:px-2" aria-label="Son1kVers3"><Logo /><span className="hidden font-display text-lg font-bold lg:block">{brand}</span></Link>
      {seen.map(({ to, text, icon: Icon }) => (
        <NavLink key={to} to={to} end={to === '/' || to === '/pool'} title={t(`nav.${text}`)} className={({ isActive }) => cx('flex min-h-11 shrink-0 items-center justify-center gap-3 rounded-xl text-sm font-semibold lg:justify-start lg:px-3', isActive ? 'bg-raised text-cyan' : 'text-muted hover:bg-surface hover:text-text')}>
          <Icon aria-hidden className="size-5 shrink-0" />
          <span className="sr-only lg:not-sr-only">{t(`nav.${text}`)}</span>
        </NavLink>
      ))}
    </nav>
  );
}
