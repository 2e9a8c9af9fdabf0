import { useQuery } from '@tanstack/react-query';
import { WandSparkles } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { api, body } from '@/api/client';
import { useSession } from '@/api/session';
import { asTrack } from '@/player/track';
import { Button, TextArea } from '@/ui';
import { useLimits } from '../generator/allowance';
import { Cost } from '../generator/Cost';
import { Checklist } from './Checklist';
import { Row } from './Row';
import { usePoolRow } from './usePoolRow';

const link = 'inline-flex min-h-11 items-center text-sm font-semibold text-cyan hover:underline';

export default function Member() {
  const { t } = useTranslation('home');
  const me = useSession(state => state.me)!;
  const own = useQuery({
    queryKey: ['home', 'own'],
    queryFn: async () => (await body(api.GET('/api/profiles/{username}/wall', { params: { path: { username: me.username }, query: { view: 'music', limit: 12 } } }))).items?.map(asTrack) ?? [],
  });
  const favourite = mostFrequent(own.data?.map(track => track.genre) ?? []);
  const picks = usePoolRow(favourite);
  const anything = usePoolRow();
  return (
    <div className="page flex flex-col gap-10">
      <h1 className="text-3xl font-bold">{t('member.hello', { name: me.displayName })}</h1>
      <Begin />
      {!own.isError && <Checklist made={(own.data?.length ?? 0) > 0} published={own.data?.some(track => track.audio !== null) ?? false} ready={own.isSuccess} />}
      <Row title={t('member.own')} tracks={own} empty={<Starters />} action={<Link to="/library" className={link}>{t('member.library')}</Link>} />
      <Row title={t('member.picks')} tracks={picks.data?.length === 0 ? anything : picks} empty={t('pool.empty')} action={<Link to="/pool" className={link}>{t('pool.all')}</Link>} />
    </div>
  );
}

export function mostFrequent(values: (string | null)[]): string | undefined {
  const counts = new Map<string, number>();
  for (const value of values) if (value) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
}

/** The shortest way to the next song. */
function Begin() {
  const { t } = useTranslation('home');
  const navigate = useNavigate();
  const limits = useLimits();
  const [prompt, setPrompt] = useState('');
  function submit(event: FormEvent) {
    event.preventDefault();
    void navigate(`/create${prompt.trim() ? `?prompt=${encodeURIComponent(prompt.trim())}` : ''}`);
  }
  return (
    <form onSubmit={submit} className="card flex flex-col gap-3 p-4 sm:p-5">
      <TextArea label={t('member.prompt')} placeholder={t('starter.one')} rows={2} maxLength={2000} value={prompt} onChange={event => setPrompt(event.target.value)} />
      <div className="flex flex-wrap items-center justify-between gap-3"><Cost limits={limits} /><Button type="submit" look="primary" icon={WandSparkles}>{t('member.create')}</Button></div>
    </form>
  );
}

/** Before the first song: three beginnings, to be changed at will. */
function Starters() {
  const { t } = useTranslation('home');
  return (
    <ul className="grid gap-3 sm:grid-cols-3">
      {(['one', 'two', 'three'] as const).map(key => (
        <li key={key}>
          <Link to={`/create?prompt=${encodeURIComponent(t(`starter.${key}`))}`} className="card flex h-full min-h-28 flex-col justify-between gap-3 p-4 hover:border-cyan/60">
            <span>{t(`starter.${key}`)}</span>
            <span className="text-sm font-semibold text-cyan">{t('starter.use')}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
