import { LogOut, Settings, UserRound, Wallet } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { signOut, useSession } from '@/api/session';
import { queryClient } from '@/api/query';
import { languages, setLanguage } from '@/texts/i18n';
import { ButtonLink } from '@/ui/Button';
import { Menu } from '@/ui/Menu';
import { Logo } from './Logo';

export function TopBar() {
  const { t, i18n } = useTranslation();
  const { status, me } = useSession();
  const navigate = useNavigate();
  const other = languages.find(language => language !== i18n.language) ?? 'en';
  async function leave() {
    await signOut();
    queryClient.clear();
    await navigate('/');
  }
  return (
    <header className="sticky top-0 z-20 flex min-h-14 items-center gap-2 border-b border-line/60 bg-bg/90 px-3 backdrop-blur sm:px-6">
      <Link to="/" aria-label="Son1kVers3" className="grid size-11 place-items-center sm:hidden"><Logo /></Link>
      <span className="flex-1" />
      <button type="button" lang={other} aria-label={`${t('nav.language')}: ${other.toUpperCase()}`} onClick={() => void setLanguage(other)} className="grid size-11 place-items-center rounded-full text-sm font-bold text-muted hover:bg-raised hover:text-text">{other.toUpperCase()}</button>
      {status === 'visitor' && (
        <>
          <ButtonLink to="/login" look="quiet" className="px-3">{t('nav.login')}</ButtonLink>
          <ButtonLink to="/register" look="primary">{t('nav.register')}</ButtonLink>
        </>
      )}
      {me && (
        <Menu
          label={me.displayName}
          trigger={<button type="button" aria-label={me.displayName} className="grid size-11 place-items-center rounded-full border border-line bg-raised font-display font-bold">{me.displayName.slice(0, 1).toUpperCase()}</button>}
          items={[
            { label: t('nav.me'), icon: UserRound, onSelect: () => void navigate(`/u/${me.username}`) },
            { label: t('nav.billing'), icon: Wallet, onSelect: () => void navigate('/billing') },
            { label: t('nav.settings'), icon: Settings, onSelect: () => void navigate('/settings') },
            { label: t('nav.signOut'), icon: LogOut, onSelect: () => void leave() },
          ]}
        />
      )}
    </header>
  );
}
