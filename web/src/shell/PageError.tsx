import { useRouteError } from 'react-router';
import { ErrorState } from '@/ui/states';

/** A page that fell: the shell and the song go on. A chunk that a new build has taken away comes with the reload. */
export const PageError = () => <div className="page"><ErrorState error={useRouteError()} onRetry={() => location.reload()} /></div>;
