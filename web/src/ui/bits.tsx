import { useEffect, useState, type ReactNode } from 'react';
import { dateTime, relative } from '@/texts/format';
import { cx } from './cx';

/** How much of something is used. The text says it in words; colour only helps. */
export function Meter({ label, text, used, reserved = 0, limit }: { label: string; text: string; used: number; reserved?: number; limit: number | null }) {
  const share = (value: number) => `${limit ? Math.min(100, (value / limit) * 100) : 0}%`;
  return (
    <div className="flex flex-col gap-1.5">
      <div className="flex flex-wrap justify-between gap-x-3 text-sm"><span className="font-semibold">{label}</span><span className="text-muted">{text}</span></div>
      <div role="meter" aria-label={label} aria-valuemin={0} aria-valuemax={limit ?? undefined} aria-valuenow={used + reserved} aria-valuetext={text} className="flex h-2 overflow-hidden rounded-full bg-raised">
        <div className="bg-accent" style={{ width: share(used) }} />
        <div className="bg-muted/60" style={{ width: share(reserved) }} />
      </div>
    </div>
  );
}

/** How far something is that takes its time, 0 to 100. */
export const ProgressBar = ({ label, percent, className }: { label: string; percent: number; className?: string }) => (
  <div role="progressbar" aria-label={label} aria-valuemin={0} aria-valuemax={100} aria-valuenow={percent} className={cx('overflow-hidden rounded-full', className)}>
    <div className="h-full bg-accent transition-[width]" style={{ width: `${percent}%` }} />
  </div>
);

const tones = { plain: 'border-line text-muted', cyan: 'border-cyan/60 text-cyan', violet: 'border-violet/70 text-[#d9a3ff]', gold: 'border-gold/60 text-gold', warn: 'border-warn/60 text-warn', danger: 'border-danger/60 text-danger', good: 'border-good/60 text-good' };

export const Badge = ({ tone = 'plain', children, className }: { tone?: keyof typeof tones; children: ReactNode; className?: string }) => (
  <span className={cx('inline-flex items-center gap-1 rounded-full border px-2 py-0.5 text-[0.6875rem] font-bold whitespace-nowrap', tones[tone], className)}>{children}</span>
);

/** "3 minutes ago", kept right while it is on the page; the full date is its tooltip. */
export function RelativeTime({ at }: { at: string }) {
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick(count => count + 1), 60_000);
    return () => clearInterval(timer);
  }, []);
  return <time dateTime={at} title={dateTime(at)}>{relative(at)}</time>;
}

const sizes = [96, 320, 640];

/** The address of a cover in one of its widths, whatever width the card's own address asks for. */
export function coverAt(src: string, size: number) {
  const plain = src.replace(/([?&])size=\d+&?/, '$1').replace(/[?&]$/, '');
  return `${plain}${plain.includes('?') ? '&' : '?'}size=${size}`;
}

/** A square cover in the width that its place needs. `src` is the card's `cover`; without one its palette is drawn. */
export function Cover({ src, palette, sizes: wanted = '12rem', className, eager }: { src: string | null | undefined; palette?: string[]; sizes?: string; className?: string; eager?: boolean }) {
  const at = (size: number) => coverAt(src ?? '', size);
  const colours = palette?.length ? palette : ['#1c2333', '#2a3347'];
  return (
    <div aria-hidden className={cx('aspect-square overflow-hidden bg-raised', className)} style={{ backgroundImage: `linear-gradient(135deg, ${colours.join(', ')})` }}>
      {src && <img alt="" src={at(320)} srcSet={sizes.map(size => `${at(size)} ${size}w`).join(', ')} sizes={wanted} loading={eager ? 'eager' : 'lazy'} decoding="async" onError={event => (event.currentTarget.style.visibility = 'hidden')} onLoad={event => (event.currentTarget.style.visibility = '')} className="size-full object-cover" />}
    </div>
  );
}

/** The shape of a song from its card's `peaks` (0–100), drawn once as one path. */
export function Waveform({ peaks, progress = 0, className }: { peaks: number[]; progress?: number; className?: string }) {
  const path = peaks.map((peak, i) => `M${i * 4 + 1.5} ${50 - Math.max(2, peak / 2)}V${50 + Math.max(2, peak / 2)}`).join('');
  const width = Math.max(1, peaks.length * 4);
  return (
    <svg aria-hidden viewBox={`0 0 ${width} 100`} preserveAspectRatio="none" className={className}>
      <path d={path} stroke="currentColor" strokeWidth={2} className="text-muted/60" />
      {progress > 0 && <path d={path} stroke="var(--color-cyan)" strokeWidth={2} style={{ clipPath: `inset(0 ${100 - progress * 100}% 0 0)` }} />}
    </svg>
  );
}
