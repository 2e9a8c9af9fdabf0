import { cx } from '@/ui';

/** A member's picture, or the first letter; `border` is the colour of an ALVAE level, whose name stands beside the member's. */
export function Avatar({ src, name, border, className }: { src: string | null | undefined; name: string; border?: string | null; className?: string }) {
  return (
    <span aria-hidden className={cx('grid shrink-0 place-items-center overflow-hidden rounded-full bg-raised font-display font-bold', className)} style={border ? { boxShadow: `0 0 0 3px ${border}` } : undefined}>
      {src ? <img alt="" src={src} className="size-full object-cover" /> : [...name][0]?.toUpperCase()}
    </span>
  );
}
