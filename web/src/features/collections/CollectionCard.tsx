import { Lock } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { needsTexts } from '@/texts/i18n';
import { Badge } from '@/ui';
import { CollectionCover } from './CollectionCover';
import type { Collection } from './live';

needsTexts('collections');

export function CollectionCard({ collection }: { collection: Collection }) {
  const { t } = useTranslation('collections');
  return (
    <Link to={`/c/${collection.id}`} className="card flex h-full flex-col gap-2 p-3 hover:border-muted">
      <CollectionCover covers={collection.covers} />
      <span className="line-clamp-2 font-bold break-words">{collection.title}</span>
      <span className="mt-auto flex flex-wrap items-center gap-2 text-xs text-muted">
        {t('items', { count: collection.itemCount })}
        {!collection.mine && <span>{t('by', { name: collection.owner.displayName })}</span>}
        {collection.visibility === 'private' && <Badge><Lock aria-hidden className="size-3" />{t('visibility.private')}</Badge>}
      </span>
    </Link>
  );
}
