import { Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Outlet } from 'react-router';
import { PlayerBar } from '@/player/PlayerBar';
import { Toaster } from '@/ui/toast';
import { Announcer } from './Announcer';
import { Rail } from './Rail';
import { BottomTabs } from './BottomTabs';
import { TopBar } from './TopBar';
import { ScrollRestoration } from 'react-router';

/** Rail, page and player. Widths: < 640 tabs below; 640–1023 a narrow rail; from 1024 a wide one. */
export function Frame() {
  const { t } = useTranslation();
  return (
    <div className="min-h-dvh pb-[calc(var(--player)+var(--tabs))] sm:pl-[var(--rail)]">
      <a href="#main" className="sr-only focus:not-sr-only focus:fixed focus:left-3 focus:top-3 focus:z-[70] focus:rounded-full focus:bg-cyan focus:px-5 focus:py-3 focus:font-bold focus:text-on-accent">{t('skip')}</a>
      <Rail />
      <TopBar />
      <main id="main" tabIndex={-1} className="min-w-0">
        <Suspense fallback={<div className="page min-h-[70dvh]" aria-busy />}>
          <Outlet />
        </Suspense>
      </main>
      <PlayerBar />
      <BottomTabs />
      <Toaster />
      <Announcer />
      <ScrollRestoration />
    </div>
  );
}
