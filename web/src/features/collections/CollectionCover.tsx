import { ListMusic } from 'lucide-react';
import { cx } from '@/ui';
import { Cover } from '@/ui/bits';

/** The first covers of a collection, four of them as one. */
export function CollectionCover({ covers, className }: { covers: string[]; className?: string }) {
  if (!covers.length) return <div aria-hidden className={cx('grid aspect-square place-items-center rounded-xl bg-raised text-muted', className)}><ListMusic className="size-1/3" /></div>;
  const shown = covers.length < 4 ? covers.slice(0, 1) : covers.slice(0, 4);
  return <div aria-hidden className={cx('grid aspect-square overflow-hidden rounded-xl', shown.length > 1 && 'grid-cols-2', className)}>{shown.map((cover, index) => <Cover key={index} src={cover} sizes="8rem" />)}</div>;
}
