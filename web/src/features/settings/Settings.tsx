import { KeyRound, Languages, Lock, ShieldAlert, UserRound, type LucideIcon } from 'lucide-react';
import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import { Navigate, NavLink, Route, Routes, useLocation } from 'react-router';
import { cx, useActiveInView, usePageTitle } from '@/ui';
import { Account } from './Account';
import { ApiKeys } from './ApiKeys';
import { Privacy } from './Privacy';
import { ProfileForm } from './ProfileForm';
import { Security } from './Security';

const sections: { path: string; icon: LucideIcon; section: ComponentType }[] = [
  { path: 'profile', icon: UserRound, section: ProfileForm },
  { path: 'account', icon: Languages, section: Account },
  { path: 'security', icon: Lock, section: Security },
  { path: 'keys', icon: KeyRound, section: ApiKeys },
  { path: 'privacy', icon: ShieldAlert, section: Privacy },
];

export default function Settings() {
  const { t } = useTranslation('settings');
  const row = useActiveInView<HTMLElement>(useLocation().pathname);
  usePageTitle(t('settings.title'));
  return (
    <div className="page flex max-w-5xl flex-col gap-5">
      <h1 className="text-3xl font-bold">{t('settings.title')}</h1>
      <div className="grid gap-6 md:grid-cols-[13rem_1fr]">
        <nav ref={row} aria-label={t('settings.title')} className="flex gap-1 overflow-x-auto md:flex-col">
          {sections.map(({ path, icon: Icon }) => (
            <NavLink key={path} to={`/settings/${path}`} replace className={({ isActive }) => cx('flex min-h-11 shrink-0 items-center gap-3 rounded-xl px-3 text-sm font-semibold', isActive ? 'bg-raised text-cyan' : 'text-muted hover:text-text')}>
              <Icon aria-hidden className="size-4" />{t(`section.${path}`)}
            </NavLink>
          ))}
        </nav>
        <div className="flex min-w-0 flex-col gap-6">
          <Routes>
            {sections.map(({ path, section: Section }) => <Route key={path} path={path} element={<Section />} />)}
            <Route path="*" element={<Navigate replace to="/settings/profile" />} />
          </Routes>
        </div>
      </div>
    </div>
  );
}
