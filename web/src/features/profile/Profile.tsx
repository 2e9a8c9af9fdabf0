import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { api, body } from '@/api/client';
import { ApiError } from '@/api/problem';
import { useSession } from '@/api/session';
import { NotFound } from '@/shell/NotFound';
import { ErrorState, Skeleton, usePageTitle } from '@/ui';
import { ProfileHeader } from './ProfileHeader';
import { Wall } from './Wall';

export default function Profile() {
  const { t } = useTranslation('profile');
  const username = useParams().name!;
  const me = useSession(state => state.me);
  const profile = useQuery({ queryKey: ['profile', username], queryFn: () => body(api.GET('/api/profiles/{username}', { params: { path: { username } } })) });
  usePageTitle(profile.data?.displayName ?? t('profile.title'));
  if (profile.error instanceof ApiError && profile.error.status === 404) return <NotFound />;
  return (
    <div className="page flex flex-col gap-6">
      {profile.isPending && <Skeleton className="h-56" />}
      {profile.isError && <ErrorState error={profile.error} onRetry={() => void profile.refetch()} />}
      {profile.data && <><ProfileHeader profile={profile.data} /><Wall username={profile.data.username} owner={me?.username === profile.data.username} /></>}
    </div>
  );
}
