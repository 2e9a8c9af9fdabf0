import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { I18nextProvider } from 'react-i18next';
import { queryClient } from './api/query';
import { start } from './api/session';
import { keepPush } from './features/notifications/push';
import './index.css';
import { tellMediaSession } from './player/mediaSession';
import { rememberQueue } from './player/memory';
import { pauseForOtherTabs } from './player/tabs';
import { firstPage } from './routes';
import { App } from './shell/App';
import { keepUpToDate } from './shell/updates';
import { startStreams } from './streams/shared';
import { i18n, loadErrorTexts, startTexts } from './texts/i18n';

keepPush();
start().catch((error: unknown) => console.warn('Session not restored', error));
startStreams();
pauseForOtherTabs();
tellMediaSession();
rememberQueue().catch((error: unknown) => console.warn('Queue not restored', error));
await startTexts();
await firstPage().catch((error: unknown) => console.warn('The page says what is missing', error));

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <I18nextProvider i18n={i18n}>
        <App />
      </I18nextProvider>
    </QueryClientProvider>
  </StrictMode>,
);

loadErrorTexts().catch((error: unknown) => console.warn('No words for refusals', error));
keepUpToDate().catch((error: unknown) => console.info('No service worker', error));
