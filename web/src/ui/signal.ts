// signal.ts - what a scan sounds and feels like: high once for yes, low twice
// for no. Colours are the page's.
let audio: AudioContext | null = null;

function tone(hertz: number, after: number, seconds: number) {
  if (!audio) return;
  const at = audio.currentTime + after;
  const wave = audio.createOscillator();
  const volume = audio.createGain();
  wave.type = hertz < 400 ? 'square' : 'sine';
  wave.frequency.value = hertz;
  volume.gain.setValueAtTime(0.18, at);
  volume.gain.exponentialRampToValueAtTime(0.001, at + seconds);
  wave.connect(volume).connect(audio.destination);
  wave.start(at);
  wave.stop(at + seconds);
}

export function signal(isGood: boolean) {
  audio ??= 'AudioContext' in window ? new AudioContext() : null;
  if (audio?.state === 'suspended') void audio.resume();
  if (isGood) tone(1320, 0, 0.12);
  else for (const after of [0, 0.2]) tone(180, after, 0.16);
  if ('vibrate' in navigator) navigator.vibrate(isGood ? 40 : [120, 60, 120]);
}
