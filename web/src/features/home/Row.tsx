import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Track } from '@/player/track';
import { CardSkeleton, EmptyState, ErrorState, TrackCard } from '@/ui';

const shown = 12;

/** A row of songs that scrolls sideways; it plays on from card to card. */
export function Row({ title, action, tracks, empty }: { title: string; action?: ReactNode; tracks: UseQueryResult<Track[]>; empty: ReactNode }) {
  return (
    <section aria-label={title} className="flex flex-col gap-3">
      <div className="flex items-center justify-between gap-3"><h2 className="text-xl font-bold">{title}</h2>{action}</div>
      {tracks.isError && <ErrorState inline error={tracks.error} onRetry={() => void tracks.refetch()} />}
      {tracks.isSuccess && !tracks.data.length && (typeof empty === 'string' ? <EmptyState text={empty} /> : empty)}
      {(tracks.isPending || (tracks.isSuccess && tracks.data.length > 0)) && (
        <ul className="-mx-4 flex snap-x gap-3 overflow-x-auto scroll-px-4 px-4 pb-2 sm:gap-4" tabIndex={-1}>
          {tracks.isPending && Array.from({ length: 6 }, (_, index) => <li key={index} className="w-40 shrink-0 sm:w-48"><CardSkeleton /></li>)}
          {tracks.data?.slice(0, shown).map(track => <li key={track.id} className="w-40 shrink-0 snap-start sm:w-48"><TrackCard track={track} list={tracks.data} /></li>)}
        </ul>
      )}
    </section>
  );
}
