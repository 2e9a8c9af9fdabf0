import { api } from '@/api/client';
import { accessToken } from '@/api/session';
import { queryClient } from '@/api/query';

const seconds = 8;

/** Deletes after eight seconds, so that it can be undone; at once when the page is left. `onRefused` hears why it could not be. */
export function deleteLater(id: string, onRefused: (error: unknown) => void): () => void {
  const timer = setTimeout(run, seconds * 1000);
  let bearer: string | null = null;
  accessToken().then(token => (bearer = token), () => undefined);
  // A page that is left has no time for a promise; the request outlives it.
  const leave = () => {
    stop();
    void fetch(`/api/generations/${id}`, { method: 'DELETE', keepalive: true, headers: bearer ? { authorization: `Bearer ${bearer}` } : {} });
  };
  addEventListener('pagehide', leave);

  function stop() {
    clearTimeout(timer);
    removeEventListener('pagehide', leave);
  }
  async function run() {
    stop();
    try {
      await api.DELETE('/api/generations/{id}', { params: { path: { id } } });
      for (const key of ['library', 'limits', 'home']) await queryClient.invalidateQueries({ queryKey: [key] });
    } catch (error) {
      onRefused(error);
    }
  }
  return stop;
}
