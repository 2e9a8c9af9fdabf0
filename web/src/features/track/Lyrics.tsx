import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { api, body, type Schemas } from '@/api/client';
import { play, seek, usePlayer } from '@/player/player';
import { currentEntry } from '@/player/queue';
import type { Track } from '@/player/track';
import { cx, EmptyState, ErrorState, Skeleton } from '@/ui';
import { linesOf, lineAt } from './lyricLines';

async function readLyrics(id: string) {
  return (await body(api.GET('/api/generations/{id}/lyrics', { params: { path: { id } } }))) as Schemas['LyricsView'];
}

/** The words, lit as they are sung; a click on a line goes there. */
export function Lyrics({ track }: { track: Track }) {
  const { t } = useTranslation('track');
  const lyrics = useQuery({ queryKey: ['lyrics', track.id], queryFn: () => readLyrics(track.id), staleTime: Infinity });
  if (lyrics.isPending) return <Skeleton className="h-64" />;
  if (lyrics.isError) return <ErrorState error={lyrics.error} onRetry={() => void lyrics.refetch()} />;
  const words = lyrics.data.words ?? [];
  return words.length ? <Karaoke track={track} words={words} /> : <EmptyState text={t('lyrics.none')} />;
}

function Karaoke({ track, words }: { track: Track; words: Schemas['WordTiming'][] }) {
  const lines = linesOf(words);
  const current = usePlayer(state => currentEntry(state.queue)?.track.id === track.id);
  const position = usePlayer(state => (current ? Math.round(state.position * 4) / 4 : -1));
  const active = lineAt(lines, position);
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    const line = list.current?.children[active] as HTMLElement | undefined;
    if (line && list.current) list.current.scrollTo({ top: line.offsetTop - list.current.clientHeight / 2 + line.clientHeight / 2, behavior: 'smooth' });
  }, [active]);
  const goTo = (seconds: number) => (current ? seek(seconds) : void play([track]).then(() => seek(seconds)));
  return (
    <ol ref={list} className="relative max-h-96 overflow-y-auto py-2">
      {lines.map((line, index) => (
        <li key={index}>
          <button type="button" onClick={() => goTo(line.startSeconds)} aria-current={index === active || undefined} className={cx('min-h-11 w-full rounded-lg px-3 py-1.5 text-left font-display text-xl font-bold hover:bg-raised', index === active ? 'text-text' : 'text-muted')}>
            {line.words.map((word, at) => <span key={at} className={index === active && (word.startSeconds ?? 0) <= position ? 'text-cyan' : undefined}>{word.word} </span>)}
          </button>
        </li>
      ))}
    </ol>
  );
}
