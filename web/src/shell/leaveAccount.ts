import { queryClient } from '@/api/query';
import { signOut } from '@/api/session';
import { useJobs } from '@/features/generator/jobs';
import { forgetGenerator } from '@/features/generator/store';
import { forgetOffline } from '@/offline/tracks';
import { forgetQueue } from '@/player/memory';
import { stop, usePlayer } from '@/player/player';
import { emptyQueue } from '@/player/queue';
import { forgetAddresses } from '@/player/sources';

/** Signs out and wipes what this browser kept of the member: drafts, recordings, queue, answers. */
export async function leaveAccount() {
  await signOut();
  stop();
  usePlayer.setState({ queue: emptyQueue });
  useJobs.setState({ jobs: {} });
  forgetAddresses();
  queryClient.clear();
  await Promise.all([forgetQueue(), forgetGenerator(), forgetOffline()]);
}
