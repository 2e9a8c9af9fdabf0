import { create } from 'zustand';

/** Since when the server has not answered; null while it does. */
export const useConnection = create<{ awaySince: number | null }>(() => ({ awaySince: null }));

const probeEvery = 3000;
let probing = false;

/** A request got an answer, whatever it said. */
export function reached() {
  if (useConnection.getState().awaySince !== null) useConnection.setState({ awaySince: null });
}

/** A request got no answer: either it alone was lost, or nobody is there. Asked until somebody is. */
export function missed() {
  if (!probing) void probe();
}

async function probe() {
  probing = true;
  while (!(await answers())) {
    useConnection.setState(({ awaySince }) => ({ awaySince: awaySince ?? Date.now() }));
    await new Promise(resolve => {
      const timer = setTimeout(resolve, probeEvery);
      addEventListener('online', () => { clearTimeout(timer); resolve(undefined); }, { once: true });
    });
  }
  probing = false;
  reached();
}

const answers = () => fetch('/alive', { cache: 'no-store' }).then(response => response.ok, () => false);

addEventListener('offline', missed);
