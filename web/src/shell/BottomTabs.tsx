import { Compass, House, Library, UserRound, WandSparkles } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { NavLink } from 'react-router';
import { useSession } from '@/api/session';
import { cx } from '@/ui/cx';

/** Phones: five places, always at hand. */
export function BottomTabs() {
  const { t } = useTranslation();
  const me = useSession(state => state.me);
  const tabs = [
    { to: '/', text: 'home', icon: House },
    { to: '/pool', text: 'pool', icon: Compass },
    { to: '/create', text: 'create', icon: WandSparkles },
    { to: '/library', text: 'library', icon: Library },
    { to: me ? `/u/${me.username}` : '/login', text: 'me', icon: UserRound },
  ];
  return (
    <nav aria-label={t('nav.label')} className="fixed inset-x-0 bottom-0 z-30 flex h-[var(--tabs)] border-t border-line bg-bg pb-[env(safe-area-inset-bottom)] sm:hidden">
      {tabs.map(({ to, text, icon: Icon }) => (
        <NavLink key={text} to={to} end={to === '/'} className={({ isActive }) => cx('flex min-w-0 flex-1 flex-col items-center justify-center gap-0.5 text-[0.6875rem] font-semibold', isActive ? 'text-cyan' : 'text-muted')}>
          <Icon aria-hidden className="size-5" />
          <span className="max-w-full truncate">{t(`nav.${text}`)}</span>
        </NavLink>
      ))}
    </nav>
  );
}
