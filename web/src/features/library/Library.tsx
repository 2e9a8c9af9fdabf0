import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { useSession } from '@/api/session';
import { Tabs, usePageTitle } from '@/ui';
import { Attempts } from './Attempts';
import { Downloads } from './Downloads';
import { OnDevice } from './OnDevice';
import { prefetchTracks, Tracks } from './Tracks';

const tabs = ['tracks', 'claims', 'archived', 'device', 'attempts', 'downloads'] as const;

export async function prefetch(params: URLSearchParams) {
  const { me } = useSession.getState();
  if (me && (params.get('tab') ?? 'tracks') === 'tracks') await prefetchTracks(me.username, params);
}

export default function Library() {
  const { t } = useTranslation('library');
  usePageTitle(t('library.title'));
  const [params, setParams] = useSearchParams();
  const username = useSession(state => state.me)!.username;
  const tab = tabs.find(one => one === params.get('tab')) ?? 'tracks';
  const content = {
    tracks: <Tracks key="music" username={username} view="all" />,
    claims: <Tracks key="collabs" username={username} view="collabs" />,
    archived: <Tracks key="archived" username={username} view="archived" />,
    device: <OnDevice />,
    attempts: <Attempts />,
    downloads: <Downloads />,
  };
  return (
    <div className="page flex flex-col gap-5">
      <h1 className="text-3xl font-bold">{t('library.title')}</h1>
      <Tabs
        label={t('library.title')} value={tab} onChange={value => setParams(value === 'tracks' ? {} : { tab: value }, { replace: true })}
        tabs={tabs.map(value => ({ value, label: t(`tab.${value}`), content: value === tab ? content[value] : null }))}
      />
    </div>
  );
}
