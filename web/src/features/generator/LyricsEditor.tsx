import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { TextArea } from '@/ui';
import { FoldSummary } from './FoldSummary';

const sections = ['intro', 'verse', 'chorus', 'bridge', 'outro'] as const;
const longest = 5000;

/** Words with sections. Without any the song is instrumental. */
export function LyricsEditor({ value, onChange, error }: { value: string; onChange: (lyrics: string) => void; error?: string }) {
  const { t } = useTranslation('generator');
  const area = useRef<HTMLTextAreaElement>(null);
  function insert(section: string) {
    const at = area.current?.selectionStart ?? value.length;
    const before = value.slice(0, at);
    const lead = before && !before.endsWith('\n') ? '\n\n' : before && !before.endsWith('\n\n') ? '\n' : '';
    const mark = `${lead}[${section}]\n`;
    onChange((before + mark + value.slice(at)).slice(0, longest));
    requestAnimationFrame(() => {
      area.current?.focus();
      area.current?.setSelectionRange(at + mark.length, at + mark.length);
    });
  }
  return (
    <details className="group" open={value.length > 0 || undefined}>
      <FoldSummary title={t('lyrics')} hint={value.trim() ? t('lyricsSung') : t('lyricsNone')} />
      <div className="mb-2 mt-1 flex flex-wrap gap-2">
        {sections.map(section => (
          <button key={section} type="button" onClick={() => insert(section)} className="min-h-11 rounded-full border border-line px-3 text-xs font-bold text-muted hover:border-muted hover:text-text">{t(`section.${section}`)}</button>
        ))}
      </div>
      <TextArea ref={area} hideLabel label={t('lyrics')} rows={8} value={value} maxLength={longest} onChange={event => onChange(event.target.value)} hint={t('lyricsHint', { count: longest - value.length })} error={error} />
    </details>
  );
}
