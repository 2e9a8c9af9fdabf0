import { Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '@/api/session';
import { page } from '@/shell/page';
import { usePageTitle } from '@/ui';
import { Visitor } from './Visitor';

const load = () => import('./Member');
const Member = page(load);
// Fetched while the app still asks who is here.
if (useSession.getState().status !== 'visitor') void load();

export default function Home() {
  const { t } = useTranslation('home');
  const status = useSession(state => state.status);
  usePageTitle(status === 'member' ? t('home.title') : t('home.tagline'));
  if (status === 'unknown') return <div className="page min-h-[70dvh]" aria-busy />;
  return status === 'member' ? <Suspense fallback={<div className="page min-h-[70dvh]" aria-busy />}><Member /></Suspense> : <Visitor />;
}
