import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Outlet, ScrollRestoration } from 'react-router';
import { useSession } from '@/api/session';
import { usePanel } from '@/player/panel';
import { PlayerBar } from '@/player/PlayerBar';
import { Toaster } from '@/ui/toast';
import { Announcer } from './Announcer';
import { BottomTabs } from './BottomTabs';
import { Keys } from './Keys';
import { Rail } from './Rail';
import { TopBar } from './TopBar';

const RightPanel = lazy(() => import('@/player/RightPanel'));
const GenerationDock = lazy(() => import('@/features/generator/GenerationDock'));

/** Rail, page and player. Widths: < 640 tabs below; 640–1023 a narrow rail; from 1024 a wide one. */
export function Frame() {
  const { t } = useTranslation();
  const isMember = useSession(state => state.status === 'member');
  const panel = usePanel(state => state.open);
  return (
    <div className="min-h-dvh pb-[calc(var(--player)+var(--tabs))] sm:pl-[var(--rail)] lg:pr-[var(--panel)]">
      <a href="#main" className="sr-only focus:not-sr-only focus:fixed focus:left-3 focus:top-3 focus:z-[70] focus:rounded-full focus:bg-cyan focus:px-5 focus:py-3 focus:font-bold focus:text-on-accent">{t('skip')}</a>
      <Rail />
      <TopBar />
      <main id="main" tabIndex={-1} className="min-w-0">
        <Suspense fallback={<div className="page min-h-[70dvh]" aria-busy />}>
          <Outlet />
        </Suspense>
      </main>
      {isMember && <Suspense><GenerationDock /></Suspense>}
      <PlayerBar />
      {panel && <Suspense><RightPanel /></Suspense>}
      <BottomTabs />
      <Toaster />
      <Announcer />
      <Keys />
      <ScrollRestoration />
    </div>
  );
}
