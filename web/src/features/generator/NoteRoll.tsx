import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';

/** The melody that was heard: a bar for each note, high notes above. */
export function NoteRoll({ notes, seconds }: { notes: Schemas['MelodyNote'][]; seconds: number }) {
  const { t } = useTranslation('generator');
  const pitches = notes.map(note => note.pitch ?? 60);
  const low = Math.min(...pitches) - 1;
  const rows = Math.max(6, Math.max(...pitches) - low + 2);
  return (
    <svg role="img" aria-label={t('memo.notes', { count: notes.length })} viewBox={`0 0 1000 ${rows * 10}`} preserveAspectRatio="none" className="h-28 w-full rounded-xl bg-bg">
      {notes.map((note, index) => (
        <rect
          key={index} x={((note.startSeconds ?? 0) / seconds) * 1000} width={Math.max(4, ((note.durationSeconds ?? 0) / seconds) * 1000 - 2)}
          y={(rows - ((note.pitch ?? 60) - low)) * 10} height={8} rx={3} fill="var(--color-cyan)" opacity={0.35 + 0.65 * (note.confidence ?? 1)}
        />
      ))}
    </svg>
  );
}
