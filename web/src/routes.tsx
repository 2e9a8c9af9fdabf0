// Every page of the app, a line each, each its own chunk.
import type { ComponentType, LazyExoticComponent } from 'react';
import { page } from './shell/page';

/** Who may open it: everybody, somebody signed in, an operator. */
export type Access = 'public' | 'member' | 'operator';
export interface Page { path: string; page: LazyExoticComponent<ComponentType>; access: Access }

const at = (path: string, access: Access, load: () => Promise<{ default: ComponentType }>): Page => ({ path, access, page: page(load) });

export const pages: Page[] = [
  at('/', 'public', () => import('./features/home/Home')),
  at('/pool', 'public', () => import('./features/pool/CommunityPool')),
  at('/pool/ranking', 'public', () => import('./features/pool/ContributorRanking')),
  at('/t/:id', 'public', () => import('./features/track/Track')),
  at('/u/:name', 'public', () => import('./features/profile/Profile')),
  at('/c/:id', 'public', () => import('./features/collections/CollectionPage')),
  at('/challenges', 'public', () => import('./features/challenges/Challenges')),
  at('/challenges/:id', 'public', () => import('./features/challenges/ChallengePage')),
  at('/search', 'public', () => import('./features/search/Search')),
  at('/pricing', 'public', () => import('./features/pricing/PricingPage')),
  at('/login', 'public', () => import('./features/auth/Login')),
  at('/register', 'public', () => import('./features/auth/Register')),
  at('/reset', 'public', () => import('./features/auth/Reset')),
  at('/verify', 'public', () => import('./features/auth/Verify')),
  at('/create', 'member', () => import('./features/generator/TheGenerator')),
  at('/library', 'member', () => import('./features/library/Library')),
  at('/reports/:id', 'member', () => import('./features/reports/ReportPage')),
  at('/collections', 'member', () => import('./features/collections/Collections')),
  at('/notifications', 'member', () => import('./features/notifications/Notifications')),
  at('/billing', 'member', () => import('./features/billing/Billing')),
  at('/alvae', 'member', () => import('./features/alvae/Alvae')),
  at('/settings/*', 'member', () => import('./features/settings/Settings')),
  at('/checkout/success', 'member', () => import('./features/pricing/CheckoutSuccess')),
  at('/checkout/cancel', 'member', () => import('./features/pricing/CheckoutCancel')),
  at('/ops/*', 'operator', () => import('./features/ops/Ops')),
];
