import { LogOut, Settings, UserRound, Wallet } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { Me } from '@/api/session';
import { Menu } from '@/ui/Menu';
import { leaveAccount } from './leaveAccount';

export default function MemberMenu({ me }: { me: Me }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  async function leave() {
    await leaveAccount();
    await navigate('/');
  }
  return (
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
  );
}
