import { Archive, ArchiveRestore, CheckCheck, Download, FolderPlus, ListEnd, Play, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { askCollection } from '@/shell/asked';
import { addLast, play } from '@/player/player';
import type { Track } from '@/player/track';
import { Button, IconButton, Menu, toast } from '@/ui';
import { useWallEntry } from '../profile/useWallEntry';
import { formats, useDownload } from './useDownload';

interface Props { tracks: Track[]; archived: boolean; complete: boolean; onAll: () => void; onDone: () => void }

/** What can be done with the chosen tracks; stays above the player while something is chosen. */
export function SelectionBar({ tracks, archived, complete, onAll, onDone }: Props) {
  const { t } = useTranslation(['library', 'common']);
  const { archive } = useWallEntry();
  const download = useDownload();
  const ids = tracks.map(track => track.id);
  const act = (run: () => void) => () => { run(); onDone(); };
  return (
    <div role="toolbar" aria-label={t('chosen', { count: ids.length })} className="rise sticky bottom-[calc(var(--player)+var(--tabs)+0.75rem)] z-20 flex items-center rounded-2xl border border-line bg-raised p-1.5 pl-4 shadow-2xl max-sm:flex-wrap">
      <p aria-live="polite" className="mr-auto py-2 text-sm font-bold max-sm:w-full">{t('chosen', { count: ids.length })}</p>
      <IconButton icon={CheckCheck} label={t('chooseAll')} disabled={complete} onClick={onAll} />
      <IconButton icon={Play} label={t('playChosen')} onClick={act(() => void play(tracks))} />
      <IconButton icon={ListEnd} label={t('queueChosen')} onClick={act(() => { addLast(tracks); toast(t('queued', { count: ids.length })); })} />
      <IconButton icon={FolderPlus} label={t('common:collect')} onClick={() => askCollection(tracks)} />
      <IconButton icon={archived ? ArchiveRestore : Archive} label={t(archived ? 'unarchive' : 'archive')} onClick={act(() => archive(ids, !archived))} />
      <Menu
        label={t('download')} trigger={<Button look="primary" icon={Download} className="max-sm:px-4">{t('download')}</Button>}
        items={formats.map(format => ({ label: t(`format.${format}`), onSelect: act(() => download(ids, format)) }))}
      />
      <IconButton icon={X} label={t('chooseNone')} onClick={onDone} />
    </div>
  );
}
