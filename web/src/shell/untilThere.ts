const longest = 30_000;

/** Fetches code until it comes: at the latest when the network is back. For parts that a page can do without meanwhile, so that none of them takes the page along. */
export async function untilThere<T>(load: () => Promise<T>): Promise<T> {
  for (let pause = 1000; ; pause = Math.min(pause * 2, longest)) {
    try {
      return await load();
    } catch (error) {
      console.info('Not there yet', error);
      await new Promise(resume => {
        setTimeout(resume, pause);
        addEventListener('online', resume, { once: true });
      });
    }
  }
}
