import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { genres } from '@/api/lists';
import { Button, cx, ErrorState, Skeleton } from '@/ui';

const shown = 10;

export const useGenres = () => useQuery(genres);

export function GenreChips({ value, onChange }: { value: string | null; onChange: (genre: string | null) => void }) {
  const { t, i18n } = useTranslation('generator');
  const genres = useGenres();
  const [all, setAll] = useState(false);
  if (genres.isError) return <ErrorState inline error={genres.error} onRetry={() => void genres.refetch()} />;
  const items = genres.data?.items ?? [];
  const visible = all ? items : [...items.slice(0, shown), ...items.slice(shown).filter(genre => genre.slug === value)];
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-2 text-sm font-semibold">{t('genre')}</legend>
      {genres.isPending && <Skeleton className="h-24" />}
      <div className="flex flex-wrap gap-2">
        {visible.map(genre => (
          <button
            key={genre.slug} type="button" aria-pressed={value === genre.slug} onClick={() => onChange(value === genre.slug ? null : genre.slug!)}
            className={cx('min-h-11 rounded-full border px-4 text-sm font-semibold', value === genre.slug ? 'border-cyan bg-cyan/10 text-cyan' : 'border-line text-muted hover:border-muted hover:text-text')}
          >
            {i18n.language === 'es' ? genre.nameEs : genre.name}
          </button>
        ))}
        {!all && items.length > shown && <Button look="quiet" onClick={() => setAll(true)}>{t('allGenres', { count: items.length })}</Button>}
      </div>
    </fieldset>
  );
}
