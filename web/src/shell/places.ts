import { Bell, Compass, CreditCard, House, Library, ListMusic, Search, Settings, ShieldCheck, Sparkles, Swords, Trophy, WandSparkles, Wallet, type LucideIcon } from 'lucide-react';
import type { Access } from '@/routes';

export interface Place { to: string; text: string; icon: LucideIcon; access: Access }

/** What the rail leads to; `text` is a key of common:nav. */
export const places: Place[] = [
  { to: '/', text: 'home', icon: House, access: 'public' },
  { to: '/search', text: 'search', icon: Search, access: 'public' },
  { to: '/create', text: 'create', icon: WandSparkles, access: 'member' },
  { to: '/pool', text: 'pool', icon: Compass, access: 'public' },
  { to: '/pool/ranking', text: 'ranking', icon: Trophy, access: 'public' },
  { to: '/challenges', text: 'challenges', icon: Swords, access: 'public' },
  { to: '/library', text: 'library', icon: Library, access: 'member' },
  { to: '/collections', text: 'collections', icon: ListMusic, access: 'member' },
  { to: '/notifications', text: 'notifications', icon: Bell, access: 'member' },
  { to: '/pricing', text: 'pricing', icon: CreditCard, access: 'public' },
  { to: '/billing', text: 'billing', icon: Wallet, access: 'member' },
  { to: '/alvae', text: 'alvae', icon: Sparkles, access: 'member' },
  { to: '/settings', text: 'settings', icon: Settings, access: 'member' },
  { to: '/ops', text: 'ops', icon: ShieldCheck, access: 'operator' },
];
