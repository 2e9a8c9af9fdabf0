import { useTranslation } from 'react-i18next';
import { duration as clock } from '@/texts/format';
import { cx } from '@/ui/cx';
import { seek, usePlayer } from './player';

export function SeekBar({ className }: { className?: string }) {
  const { t } = useTranslation();
  const position = usePlayer(state => Math.floor(state.position));
  const duration = usePlayer(state => Math.floor(state.duration));
  return (
    <div className={cx('flex items-center gap-2 text-xs tabular-nums text-muted', className)}>
      <span aria-hidden className="hidden w-10 text-right lg:block">{clock(position)}</span>
      <input
        type="range" min={0} max={Math.max(1, duration)} step={1} value={position} aria-label={t('player.seek')} aria-valuetext={t('player.time', { position: clock(position), duration: clock(duration) })}
        onChange={event => seek(event.target.valueAsNumber)} className="h-3 w-full cursor-pointer accent-cyan"
      />
      <span aria-hidden className="hidden w-10 lg:block">{clock(duration)}</span>
    </div>
  );
}
