import { useEffect } from 'react';

/** The page's name in the tab, read out when it changes (see Announcer in the shell). */
export function usePageTitle(title: string) {
  useEffect(() => {
    document.title = title ? `${title} · Son1kVers3` : 'Son1kVers3';
  }, [title]);
}
