import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Flag, Flame, Medal, Settings, UserPlus, UserRoundCheck } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { api, type Schemas } from '@/api/client';
import { useSession } from '@/api/session';
import { askReport } from '@/shell/asked';
import { dateTime, number } from '@/texts/format';
import { Badge, Button, ButtonLink, ErrorState, IconButton } from '@/ui';
import { AlvaeBadge } from '../alvae/AlvaeBadge';
import { Avatar } from './Avatar';
import { People } from './People';

export function ProfileHeader({ profile }: { profile: Schemas['ProfileView'] }) {
  const { t } = useTranslation('profile');
  const me = useSession(state => state.me);
  const mine = me?.username === profile.username;
  return (
    <header className="card flex flex-col gap-5 p-5 sm:p-6">
      <div className="flex flex-wrap items-start gap-5">
        <Avatar src={profile.avatarUrl} name={profile.displayName} border={profile.alvae?.border} className="size-24 text-4xl sm:size-28" />
        <div className="flex min-w-0 flex-1 basis-60 flex-col gap-2">
          <div>
            <h1 className="text-2xl font-bold break-words sm:text-3xl">{profile.displayName}</h1>
            <p className="text-sm text-muted">{`@${profile.username}`}</p>
          </div>
          <div className="flex flex-wrap gap-1.5">
            {profile.tier !== 'FREE' && <Badge tone="cyan">{profile.tier}</Badge>}
            {profile.alvae && <AlvaeBadge level={profile.alvae.level} alvaeId={profile.alvae.alvaeId} />}
          </div>
          {profile.bio && <p className="max-w-prose text-sm whitespace-pre-line break-words">{profile.bio}</p>}
          {profile.links.length > 0 && (
            <ul className="flex flex-wrap gap-x-4 text-sm">
              {profile.links.map(link => <li key={link}><a href={link} rel="noopener noreferrer nofollow ugc" target="_blank" className="inline-flex min-h-11 items-center break-all text-cyan hover:underline">{link.replace(/^https?:\/\//, '')}</a></li>)}
            </ul>
          )}
        </div>
        {mine
          ? <ButtonLink to="/settings/profile" icon={Settings}>{t('edit')}</ButtonLink>
          : <div className="flex items-start gap-1"><FollowButton profile={profile} />{me && <IconButton icon={Flag} label={t('common:report')} onClick={() => askReport('profile', profile.id, profile.displayName)} />}</div>}
      </div>
      {profile.stats && <Stats username={profile.username} stats={profile.stats} />}
      {profile.badges.length > 0 && (
        <ul aria-label={t('badges')} className="flex flex-wrap gap-1.5">
          {profile.badges.map(badge => <li key={badge.badge} title={dateTime(badge.awardedAt, { dateStyle: 'medium' })}><Badge tone="violet"><Medal aria-hidden className="size-3" />{t(`badge.${badge.badge}`)}</Badge></li>)}
        </ul>
      )}
    </header>
  );
}

function FollowButton({ profile }: { profile: Schemas['ProfileView'] }) {
  const { t } = useTranslation('profile');
  const client = useQueryClient();
  const navigate = useNavigate();
  const signedIn = useSession(state => state.status === 'member');
  const path = { params: { path: { username: profile.username } } };
  const follow = useMutation({
    mutationFn: () => (profile.followedByMe ? api.DELETE('/api/profiles/{username}/follow', path) : api.POST('/api/profiles/{username}/follow', path)),
    onSuccess: () => client.invalidateQueries({ queryKey: ['profile', profile.username] }),
  });
  return (
    <div className="flex flex-col gap-2">
      <Button
        look={profile.followedByMe ? 'secondary' : 'primary'} icon={profile.followedByMe ? UserRoundCheck : UserPlus} busy={follow.isPending} aria-pressed={profile.followedByMe ?? false}
        onClick={() => (signedIn ? follow.mutate() : void navigate(`/login?to=/u/${profile.username}`))}
      >
        {t(profile.followedByMe ? 'following' : 'follow')}
      </Button>
      {follow.error && <ErrorState inline error={follow.error} />}
    </div>
  );
}

function Stats({ username, stats }: { username: string; stats: Schemas['ProfileStats'] }) {
  const { t } = useTranslation('profile');
  const facts = (['tracks', 'plays', 'likes'] as const).map(name => [t(`stats.${name}`, { count: stats[name] }), number(stats[name])] as const);
  return (
    <dl className="flex flex-wrap items-center gap-x-6 gap-y-2">
      {facts.map(([name, value]) => <div key={name} className="flex items-baseline gap-1.5"><dd className="font-display text-lg font-bold">{value}</dd><dt className="text-sm text-muted">{name}</dt></div>)}
      <People username={username} which="followers" count={stats.followers} />
      <People username={username} which="following" count={stats.following} />
      {stats.streakDays > 1 && <div className="flex items-center gap-1.5 text-sm text-warn"><Flame aria-hidden className="size-4" /><dt className="sr-only">{t('stats.streak')}</dt><dd>{t('stats.days', { count: stats.streakDays })}</dd></div>}
    </dl>
  );
}
