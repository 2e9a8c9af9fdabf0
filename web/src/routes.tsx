// Every page of the app, a line each, each its own chunk.
import { matchPath } from 'react-router';
import { useSession } from '@/api/session';
import { lazyPage, type LazyPage } from './shell/lazyPage';

/** Who may open it: everybody, somebody signed in, an operator. */
export type Access = 'public' | 'member' | 'operator';
export interface Page { path: string; page: LazyPage; access: Access }

/** `texts`: the namespace that the page's words are in. */
const at = (path: string, access: Access, texts: string, load: Parameters<typeof lazyPage>[1]): Page => ({ path, access, page: lazyPage(texts, load) });

export const pages: Page[] = [
  at('/', 'public', 'home', () => import('./features/home/Home')),
  at('/pool', 'public', 'pool', () => import('./features/pool/CommunityPool')),
  at('/pool/ranking', 'public', 'pool', () => import('./features/pool/ContributorRanking')),
  at('/t/:id', 'public', 'track', () => import('./features/track/Track')),
  at('/u/:name', 'public', 'profile', () => import('./features/profile/Profile')),
  at('/c/:id', 'public', 'collections', () => import('./features/collections/CollectionPage')),
  at('/challenges', 'public', 'challenges', () => import('./features/challenges/Challenges')),
  at('/challenges/:id', 'public', 'challenges', () => import('./features/challenges/ChallengePage')),
  at('/search', 'public', 'search', () => import('./features/search/Search')),
  at('/pricing', 'public', 'pricing', () => import('./features/pricing/PricingPage')),
  at('/login', 'public', 'auth', () => import('./features/auth/Login')),
  at('/register', 'public', 'auth', () => import('./features/auth/Register')),
  at('/reset', 'public', 'auth', () => import('./features/auth/Reset')),
  at('/verify', 'public', 'auth', () => import('./features/auth/Verify')),
  at('/create', 'member', 'generator', () => import('./features/generator/TheGenerator')),
  at('/library', 'member', 'library', () => import('./features/library/Library')),
  at('/reports/:id', 'member', 'reports', () => import('./features/reports/ReportPage')),
  at('/collections', 'member', 'collections', () => import('./features/collections/Collections')),
  at('/notifications', 'member', 'notifications', () => import('./features/notifications/Notifications')),
  at('/billing', 'member', 'billing', () => import('./features/billing/Billing')),
  at('/alvae', 'member', 'alvae', () => import('./features/alvae/Alvae')),
  at('/settings/*', 'member', 'settings', () => import('./features/settings/Settings')),
  at('/checkout/success', 'member', 'pricing', () => import('./features/pricing/CheckoutSuccess')),
  at('/checkout/cancel', 'member', 'pricing', () => import('./features/pricing/CheckoutCancel')),
  at('/ops/*', 'operator', 'ops', () => import('./features/ops/Ops')),
];

/** Fetches the page at the address, and asks for what it shows: `answers` end when that is there. Drawn without it, the app would show an empty place for 300 ms (React reveals what follows a fallback no earlier). */
export async function firstPage() {
  const { status, me } = useSession.getState();
  const first = pages.find(({ path }) => matchPath(path, location.pathname));
  const mayOpen = { public: true, member: status !== 'visitor', operator: me?.roles.includes('operator') };
  if (!first || !mayOpen[first.access]) return;
  const page = await first.page.load();
  return { answers: page.prefetch?.(new URLSearchParams(location.search)) };
}
