import AddToCollection from '@/features/collections/AddToCollection';
import ReportDialog from '@/features/reports/ReportDialog';
import { closeAsked, useAsked } from './asked';

export default function AskedDialog() {
  const asked = useAsked(state => state.asked);
  if (asked?.what === 'collect') return <AddToCollection tracks={asked.tracks} onClose={closeAsked} />;
  if (asked?.what === 'report') return <ReportDialog {...asked} onClose={closeAsked} />;
  return null;
}
