export const longestSeconds = 120;

export interface Recorder {
  stop: () => void;
  /** Resolves with the sound once it was stopped, by hand or at 120 s. */
  done: Promise<{ audio: Blob; seconds: number }>;
}

/** Records from the microphone; `onTick` gets the level (0–1) and the seconds so far, sixty times a second at most. */
export async function record(onTick: (level: number, seconds: number) => void): Promise<Recorder> {
  // Plain sound: what cleans up speech takes the singing voice for noise.
  const stream = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: true } });
  const recorder = new MediaRecorder(stream);
  const pieces: Blob[] = [];
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const begun = performance.now();
  let frame = 0;
  const tick = () => {
    analyser.getFloatTimeDomainData(samples);
    const seconds = (performance.now() - begun) / 1000;
    onTick(Math.min(1, Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length) * 4), seconds);
    if (seconds >= longestSeconds) stop();
    else frame = requestAnimationFrame(tick);
  };
  const stop = () => recorder.state !== 'inactive' && recorder.stop();
  const done = new Promise<{ audio: Blob; seconds: number }>(resolve => {
    recorder.ondataavailable = event => pieces.push(event.data);
    recorder.onstop = () => {
      cancelAnimationFrame(frame);
      stream.getTracks().forEach(track => track.stop());
      void context.close();
      resolve({ audio: new Blob(pieces, { type: recorder.mimeType }), seconds: Math.min(longestSeconds, (performance.now() - begun) / 1000) });
    };
  });
  recorder.start(1000);
  frame = requestAnimationFrame(tick);
  return { stop, done };
}

/** How long a chosen file is, before it is uploaded. */
export async function secondsOf(file: Blob): Promise<number> {
  const context = new AudioContext();
  try {
    return (await context.decodeAudioData(await file.arrayBuffer())).duration;
  } finally {
    void context.close();
  }
}
