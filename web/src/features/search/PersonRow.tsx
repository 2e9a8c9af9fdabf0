import { Link } from 'react-router';
import type { Schemas } from '@/api/client';
import { AlvaeBadge } from '../alvae/AlvaeBadge';
import { Avatar } from '../profile/Avatar';

export type Found = Schemas['CardView'] | Schemas['MemberView'] | Schemas['CollectionView'];

/** The API answers cards, members where people are searched, or collections. */
export const isPerson = (found: Found): found is Schemas['MemberView'] => 'username' in found;
export const isCollection = (found: Found): found is Schemas['CollectionView'] => 'itemCount' in found;

export const PersonRow = ({ person }: { person: Schemas['MemberView'] }) => (
  <li>
    <Link to={`/u/${person.username}`} className="card flex min-h-16 items-center gap-3 px-4 py-2 hover:border-muted">
      <Avatar src={person.avatarUrl} name={person.displayName} border={person.border} className="size-11" />
      <span className="min-w-0 flex-1"><span className="block truncate font-bold">{person.displayName}</span><span className="block truncate text-sm text-muted">{`@${person.username}`}</span></span>
      {person.alvae && <AlvaeBadge level={person.alvae} />}
    </Link>
  </li>
);
