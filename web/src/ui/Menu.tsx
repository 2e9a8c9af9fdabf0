import { EllipsisVertical, type LucideIcon } from 'lucide-react';
import { cloneElement, lazy, Suspense, useState, type ReactElement } from 'react';
import { IconButton } from './Button';

export interface MenuItem { label: string; icon?: LucideIcon; onSelect: () => void; danger?: boolean; disabled?: boolean; hidden?: boolean }

const load = () => import('./RadixMenu');
const RadixMenu = lazy(load);

/** `trigger` replaces the three dots; it must be one button. What places and walks an open menu is fetched when somebody comes near one. */
export function Menu({ label, items, trigger }: { label: string; items: MenuItem[]; trigger?: ReactElement<Record<string, unknown>> }) {
  const [wanted, setWanted] = useState(false);
  const button = trigger ?? <IconButton icon={EllipsisVertical} label={label} />;
  const closed = cloneElement(button as ReactElement<Record<string, unknown>>, { onClick: () => setWanted(true), onPointerEnter: () => void load(), onFocus: () => void load(), 'aria-haspopup': 'menu', 'aria-expanded': false });
  return wanted ? <Suspense fallback={closed}><RadixMenu items={items} trigger={button} /></Suspense> : closed;
}
