import { Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { tiers } from '@/api/lists';
import { queryClient } from '@/api/query';
import { useSession } from '@/api/session';
import { lazyPage } from '@/shell/lazyPage';
import { usePageTitle } from '@/ui';
import { sustainability } from '../pool/sustainabilityQuery';
import { poolRow } from './usePoolRow';
import { Visitor } from './Visitor';

const { Component: Member, load } = lazyPage('home', () => import('./Member'));
// A member's page comes with the code that chooses it.
if (useSession.getState().status !== 'visitor') await load();

export const prefetch = () => Promise.all([
  queryClient.prefetchQuery(poolRow()),
  ...(useSession.getState().status === 'member' ? [] : [queryClient.prefetchQuery(tiers), queryClient.prefetchQuery(sustainability)]),
]);

export default function Home() {
  const { t } = useTranslation('home');
  const status = useSession(state => state.status);
  usePageTitle(status === 'member' ? t('home.title') : t('home.tagline'));
  if (status === 'unknown') return <div className="page min-h-[70dvh]" aria-busy />;
  return status === 'member' ? <Suspense fallback={<div className="page min-h-[70dvh]" aria-busy />}><Member /></Suspense> : <Visitor />;
}
