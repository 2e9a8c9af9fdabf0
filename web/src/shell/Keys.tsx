import { lazy, Suspense, useEffect, useState } from 'react';
import { useNavigate } from 'react-router';
import { belongsTo, places, shortcutOf, singleKeysOn } from './keys';

const Palette = lazy(() => import('./Palette'));
const KeyHelp = lazy(() => import('./KeyHelp'));
const prefixMilliseconds = 1500;

/** Listens for the keyboard map and shows palette and help. */
export function Keys() {
  const navigate = useNavigate();
  const [open, setOpen] = useState<'palette' | 'help' | null>(null);
  useEffect(() => {
    let prefixUntil = 0;
    const go = { to: (path: string) => void navigate(path), openPalette: () => setOpen('palette'), openHelp: () => setOpen('help') };
    function onKeyDown(event: KeyboardEvent) {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        setOpen('palette');
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || belongsTo(event.target as Element, event.key)) return;
      const place = event.timeStamp < prefixUntil ? places[event.key.toLowerCase()] : undefined;
      prefixUntil = 0;
      if (place) go.to(place);
      else if (event.key.toLowerCase() === 'g' && singleKeysOn()) prefixUntil = event.timeStamp + prefixMilliseconds;
      else {
        const shortcut = shortcutOf({ key: event.key, shift: event.shiftKey });
        if (!shortcut) return;
        shortcut.run(go);
      }
      event.preventDefault();
    }
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [navigate]);
  if (!open) return null;
  const close = () => setOpen(null);
  return <Suspense>{open === 'palette' ? <Palette onClose={close} onHelp={() => setOpen('help')} /> : <KeyHelp onClose={close} />}</Suspense>;
}
