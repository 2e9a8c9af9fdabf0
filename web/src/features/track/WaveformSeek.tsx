import { useQuery } from '@tanstack/react-query';
import type { PointerEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '@/api/problem';
import type { Schemas } from '@/api/client';
import { play, seek, usePlayer } from '@/player/player';
import { currentEntry } from '@/player/queue';
import type { Track } from '@/player/track';
import { duration } from '@/texts/format';
import { Waveform } from '@/ui';

interface Props { track: Track; sections: Schemas['PlanSectionView'][]; waveformUrl: string | undefined }

const bars = 160;

/** The song's shape, to see where one is and to go elsewhere; above it the sections of its form. */
export function WaveformSeek({ track, sections, waveformUrl }: Props) {
  const { t } = useTranslation(['track', 'common']);
  const current = usePlayer(state => currentEntry(state.queue)?.track.id === track.id);
  const position = usePlayer(state => (current ? Math.floor(state.position) : 0));
  const length = track.durationSeconds ?? 1;
  const fine = useQuery({ queryKey: ['waveform', track.id], queryFn: () => readWaveform(waveformUrl!), enabled: Boolean(waveformUrl), staleTime: Infinity });
  const peaks = fine.data ? thin(fine.data, bars) : track.peaks;
  const sectionName = (section: string) => t(`section.${section}`, { defaultValue: section });

  function goTo(seconds: number) {
    if (current) seek(seconds);
    else void play([track]).then(() => seek(seconds));
  }
  function onPointer(event: PointerEvent<HTMLInputElement>) {
    if (!current) goTo((event.nativeEvent.offsetX / event.currentTarget.clientWidth) * length);
  }
  return (
    <div className="flex flex-col gap-1">
      <div className="relative h-8 text-xs">
        {sections.map((section, index) => {
          const from = section.startSeconds ?? 0;
          const to = sections[index + 1]?.startSeconds ?? length;
          const on = current && position >= from && position < to;
          return (
            <button
              key={index} type="button" onClick={() => goTo(from)} title={sectionName(section.section!)} aria-label={t('goToSection', { section: sectionName(section.section!), time: duration(from) })}
              className={`absolute top-0 h-8 truncate border-l border-line pl-1.5 text-left font-semibold ${on ? 'text-cyan' : 'text-muted hover:text-text'}`}
              style={{ left: `${(from / length) * 100}%`, width: `${((to - from) / length) * 100}%` }}
            >
              {sectionName(section.section!)}
            </button>
          );
        })}
      </div>
      <div className="relative h-24">
        <Waveform peaks={peaks} progress={position / length} className="size-full" />
        <input
          type="range" min={0} max={Math.ceil(length)} step={1} value={position} aria-label={t('common:player.seek')} aria-valuetext={t('common:player.time', { position: duration(position), duration: duration(length) })}
          onPointerDown={onPointer} onChange={event => current && seek(event.target.valueAsNumber)} className="absolute inset-0 size-full cursor-pointer opacity-0 focus-visible:opacity-100 focus-visible:accent-cyan"
        />
      </div>
      <div aria-hidden className="flex justify-between text-xs tabular-nums text-muted"><span>{duration(position)}</span><span>{duration(length)}</span></div>
    </div>
  );
}

async function readWaveform(url: string): Promise<number[]> {
  const response = await fetch(url);
  if (!response.ok) throw new ApiError({ type: 'about:blank', title: 'Waveform', status: response.status });
  return ((await response.json()) as { peaks: number[] }).peaks.map(peak => peak * 100);
}

/** The highest of each group: a thousand points are more than the eye can see. */
export function thin(peaks: number[], count: number): number[] {
  const size = peaks.length / count;
  return size <= 1 ? peaks : Array.from({ length: count }, (_, i) => Math.max(...peaks.slice(Math.floor(i * size), Math.max(Math.floor(i * size) + 1, Math.floor((i + 1) * size)))));
}
