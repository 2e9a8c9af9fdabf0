import { startTransition } from 'react';
import { createRoot } from 'react-dom/client';
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
import { loadErrorTexts, startTexts } from './texts/i18n';

keepPush();
start().catch((error: unknown) => console.warn('Session not restored', error));
startStreams();
pauseForOtherTabs();
tellMediaSession();
rememberQueue().catch((error: unknown) => console.warn('Queue not restored', error));
await startTexts();
const first = await firstPage().catch((error: unknown) => console.warn('The page says what is missing', error));

const root = document.getElementById('root')!;
// A view that came with the page is read meanwhile: what was asked for beside it may still come in time to be drawn at once.
if (root.hasChildNodes()) await Promise.race([first?.answers, new Promise(resolve => setTimeout(resolve, 150))]);
// In slices: what somebody taps or scrolls meanwhile is answered between them.
startTransition(() => createRoot(root).render(<App />));

loadErrorTexts().catch((error: unknown) => console.warn('No words for refusals', error));
keepUpToDate().catch((error: unknown) => console.info('No service worker', error));
