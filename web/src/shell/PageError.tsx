import { useRouteError } from 'react-router';
import { OfflineError } from '@/api/problem';
import { ErrorState } from '@/ui/states';

/** A page that fell: the shell and the song go on. A chunk that can't be fetched means no network, or comes with the reload. */
export function PageError() {
  const error = useRouteError();
  const unreachable = error instanceof TypeError && /module|fetch|import/i.test(error.message);
  return <div className="page"><ErrorState error={unreachable ? new OfflineError(error.message) : error} onRetry={() => location.reload()} /></div>;
}
