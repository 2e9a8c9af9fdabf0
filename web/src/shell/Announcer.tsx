import { useEffect, useRef, useState } from 'react';
import { useLocation } from 'react-router';

/** After a change of page: focus goes to the content, and its title is read out. */
export function Announcer() {
  const { pathname } = useLocation();
  const first = useRef(true);
  const [title, setTitle] = useState('');
  useEffect(() => {
    if (first.current) {
      first.current = false;
      return;
    }
    document.getElementById('main')?.focus({ preventScroll: true });
    const timer = setTimeout(() => setTitle(document.title), 300);
    return () => clearTimeout(timer);
  }, [pathname]);
  return <p aria-live="polite" role="status" className="sr-only">{title}</p>;
}
