import { useEffect, useRef } from 'react';
import type { Schemas } from '@/api/client';
import { asTrack } from '@/player/track';
import { dateTime } from '@/texts/format';
import { CreationCard } from './CreationCard';
import { byMonth } from './byMonth';
import { cardGrid } from '@/ui';

/** Creations under the months in which they came to the wall. */
export function Timeline({ cards, owner, onEnd }: { cards: Schemas['WallCardView'][]; owner: boolean; onEnd?: () => void }) {
  const end = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!onEnd) return;
    const observer = new IntersectionObserver(seen => seen.some(entry => entry.isIntersecting) && onEnd(), { rootMargin: '600px' });
    observer.observe(end.current!);
    return () => observer.disconnect();
  }, [onEnd]);
  const list = cards.map(asTrack);
  return (
    <div className="flex flex-col gap-8">
      {byMonth(cards).map(([month, group]) => (
        <section key={month} className="border-l-2 border-line pl-4 sm:pl-6">
          <h2 className="mb-3 text-lg font-bold first-letter:uppercase">{dateTime(group[0]!.addedAt, { month: 'long', year: 'numeric' })}</h2>
          <div className={cardGrid}>{group.map(card => <CreationCard key={card.id} card={card} list={list} owner={owner} />)}</div>
        </section>
      ))}
      <div ref={end} />
    </div>
  );
}
