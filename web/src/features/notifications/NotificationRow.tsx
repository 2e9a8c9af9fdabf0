import { Award, Bell } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Schemas } from '@/api/client';
import { useSession } from '@/api/session';
import { needsTexts } from '@/texts/i18n';
import { cx, RelativeTime } from '@/ui';
import { Avatar } from '../profile/Avatar';

needsTexts('profile');

type Notification = Schemas['NotificationView'];

/** One line of what happened: who (the first, and how many others), what, to which song. */
export function NotificationRow({ notification, onOpen }: { notification: Notification; onOpen: () => void }) {
  const { t } = useTranslation(['notifications', 'profile']);
  const me = useSession(state => state.me);
  const [first] = notification.actors;
  const others = Math.max(0, notification.actorCount - 1);
  const who = first ? (others > 0 ? t('whoAndOthers', { who: first.displayName, count: others }) : first.displayName) : t('somebody');
  const told = notification.detail ?? '';
  const Icon = notification.kind === 'badge-awarded' ? Award : Bell;
  const detail = notification.kind === 'badge-awarded' ? t(`profile:badge.${told}`) : told === 'illegal' ? t('illegal') : told;
  return (
    <li>
      <Link to={addressOf(notification, me?.username)} onClick={onOpen} className={cx('card flex items-center gap-3 px-4 py-3 hover:border-muted', !notification.read && 'border-cyan/60')}>
        {first ? <Avatar src={first.avatarUrl} name={first.displayName} border={first.border} className="size-10" /> : <span aria-hidden className="grid size-10 shrink-0 place-items-center rounded-full bg-raised text-cyan"><Icon className="size-5" /></span>}
        <span className="min-w-0 flex-1">
          <span className="block text-sm break-words">{t(`kind.${notification.kind}`, { who, title: notification.title ?? '', detail })}</span>
          <span className="text-xs text-muted"><RelativeTime at={notification.updatedAt} />{!notification.read && <span className="ml-2 font-bold text-cyan">{t('new')}</span>}</span>
        </span>
      </Link>
    </li>
  );
}

/** The page where it can be seen. */
function addressOf({ kind, subjectId, actors }: Notification, me: string | undefined): string {
  if (kind === 'followed') return `/u/${actors[0]?.username ?? me}`;
  if (kind === 'collection-shared') return `/c/${subjectId}`;
  if (kind === 'badge-awarded') return `/u/${me}`;
  if (kind.startsWith('alvae')) return '/alvae';
  if (kind === 'export-ready') return '/settings/privacy';
  if (kind === 'quota-exhausted') return '/billing';
  if (kind.startsWith('challenge')) return `/challenges/${subjectId}`;
  if (/^(report|content|appeal)-/.test(kind)) return `/reports/${subjectId}`;
  return subjectId ? `/t/${subjectId}` : '/library';
}
