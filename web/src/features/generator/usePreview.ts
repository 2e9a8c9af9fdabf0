import { useEffect, useState } from 'react';
import { api, body } from '@/api/client';
import { audio } from '@/player/player';

/** The first ten seconds, before the master is done. Played apart, so that the queue keeps its place. */
export function usePreview(id: string) {
  const [element, setElement] = useState<HTMLAudioElement | null>(null);
  useEffect(() => () => element?.pause(), [element]);
  async function toggle() {
    if (element) {
      element.pause();
      setElement(null);
      return;
    }
    const generation = await body(api.GET('/api/generations/{id}', { params: { path: { id } } }));
    const url = generation.files?.find(file => file.kind === 'preview')?.url;
    if (!url) return;
    audio.pause();
    const preview = new Audio(url);
    preview.addEventListener('ended', () => setElement(null));
    setElement(preview);
    await preview.play();
  }
  return { playing: element !== null, toggle };
}
