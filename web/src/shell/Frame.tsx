import { lazy, Suspense, type ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import { Outlet, ScrollRestoration } from 'react-router';
import { useSession } from '@/api/session';
import { usePanel } from '@/player/panel';
import { usePlayer } from '@/player/player';
import { Toaster } from '@/ui/toast';
import { Announcer } from './Announcer';
import { useAsked } from './asked';
import { BottomTabs } from './BottomTabs';
import { Keys } from './Keys';
import { Rail } from './Rail';
import { TopBar } from './TopBar';
import { untilThere } from './untilThere';

const part = <T extends ComponentType>(load: () => Promise<{ default: T }>) => lazy(() => untilThere(load));

const PlayerBar = part(() => import('@/player/PlayerBar'));
const RightPanel = part(() => import('@/player/RightPanel'));
const AskedDialog = part(() => import('./AskedDialog'));
const Measures = part(() => import('./Measures'));
const OfflineBar = part(() => import('@/offline/OfflineBar'));
const GenerationDock = part(() => import('@/features/generator/GenerationDock'));

/** Rail, page and player. Widths: < 640 tabs below; 640–1023 a narrow rail; from 1024 a wide one. */
export function Frame() {
  const { t } = useTranslation();
  const isMember = useSession(state => state.status === 'member');
  const panel = usePanel(state => state.open);
  const asks = useAsked(state => state.asked !== null);
  const hasSong = usePlayer(state => state.queue.current !== null);
  return (
    <div className="min-h-dvh pb-[calc(var(--player)+var(--tabs))] sm:pl-[var(--rail)] lg:pr-[var(--panel)]">
      <a href="#main" className="sr-only focus:not-sr-only focus:fixed focus:left-3 focus:top-3 focus:z-[70] focus:rounded-full focus:bg-cyan focus:px-5 focus:py-3 focus:font-bold focus:text-on-accent">{t('skip')}</a>
      <Rail />
      <TopBar />
      <Suspense><OfflineBar /></Suspense>
      <main id="main" tabIndex={-1} className="min-w-0">
        <Suspense fallback={<div className="page min-h-[70dvh]" aria-busy />}>
          <Outlet />
        </Suspense>
      </main>
      {isMember && <Suspense><GenerationDock /><Measures /></Suspense>}
      {hasSong && <Suspense><PlayerBar /></Suspense>}
      {panel && <Suspense><RightPanel /></Suspense>}
      {asks && <Suspense><AskedDialog /></Suspense>}
      <BottomTabs />
      <Toaster />
      <Announcer />
      <Keys />
      <ScrollRestoration />
    </div>
  );
}
