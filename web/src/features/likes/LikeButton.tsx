import { Heart } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useSession } from '@/api/session';
import type { Track } from '@/player/track';
import { number } from '@/texts/format';
import { cx } from '@/ui';
import { useLike } from './useLike';

/** Heart and count. A visitor is asked to sign in; on one's own track it only tells the count. */
export function LikeButton({ track, className }: { track: Track; className?: string }) {
  const { t } = useTranslation();
  const status = useSession(state => state.status);
  const navigate = useNavigate();
  const { liked, likes, toggle } = useLike(track);
  const heart = <Heart aria-hidden className={cx('size-4', liked && 'fill-violet text-violet')} />;
  if (track.mine) return <span className={cx('inline-flex min-h-11 items-center gap-1.5 text-xs text-muted', className)}>{heart}<span aria-label={t('likes', { count: likes })}>{number(likes)}</span></span>;
  return (
    <button
      type="button" aria-pressed={liked}
      onClick={() => (status === 'member' ? toggle() : void navigate(`/login?to=${encodeURIComponent(location.pathname + location.search)}`))}
      className={cx('inline-flex min-h-11 min-w-11 items-center justify-center gap-1.5 rounded-full px-2 text-xs text-muted hover:bg-raised hover:text-text', className)}
    >
      {heart}<span className="sr-only">{`${t(liked ? 'player.unlike' : 'player.like')}: ${track.title}, ${t('likes', { count: likes })}`}</span><span aria-hidden>{number(likes)}</span>
    </button>
  );
}
