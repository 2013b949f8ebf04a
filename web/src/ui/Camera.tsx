// Camera.tsx - a phone's camera as a scanner: the browser's own reader where it
// has one, else zxing in a chunk of its own. Nothing leaves the phone.
import { Button } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import c from './ui.module.css';

type Find = (video: HTMLVideoElement) => Promise<string | null>;
interface Detector {
  detect: (of: HTMLVideoElement) => Promise<{ rawValue: string }[]>;
}
declare global {
  interface Window {
    BarcodeDetector?: new () => Detector;
  }
}
const EVERY_MS = 160;
const AGAIN_MS = 1500; // The same code is not meant twice so soon.

async function finder(): Promise<Find> {
  if (window.BarcodeDetector) {
    const detector = new window.BarcodeDetector();
    return async (video) => (await detector.detect(video))[0]?.rawValue ?? null;
  }
  const { readerOf } = await import('./zxing');
  return readerOf();
}

export default function Camera({
  onCode,
  onClose,
}: {
  onCode: (code: string) => void;
  onClose: () => void;
}) {
  const video = useRef<HTMLVideoElement>(null);
  const [problem, setProblem] = useState('');
  const take = useRef(onCode);
  take.current = onCode;
  useEffect(() => {
    let isOver = false;
    let stream: MediaStream | null = null;
    let timer: ReturnType<typeof setTimeout>;
    let last = { code: '', at: 0 };
    async function look(find: Find) {
      if (isOver || !video.current) return;
      const code = await find(video.current).catch(() => null);
      const now = performance.now();
      if (code && !isOver && (code !== last.code || now - last.at > AGAIN_MS)) {
        last = { code, at: now };
        take.current(code);
      }
      timer = setTimeout(() => void look(find), EVERY_MS);
    }
    async function begin() {
      try {
        const [found, find] = await Promise.all([
          navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } }),
          finder(),
        ]);
        stream = found;
        if (isOver || !video.current) return stop();
        video.current.srcObject = stream;
        await video.current.play();
        void look(find);
      } catch {
        setProblem('The camera cannot be used. Allow it for this page, or type the code.');
      }
    }
    function stop() {
      for (const track of stream?.getTracks() ?? []) track.stop();
    }
    void begin();
    return () => {
      isOver = true;
      clearTimeout(timer);
      stop();
    };
  }, []);
  return (
    <div className={c.camera}>
      {problem ? (
        <p role="alert">{problem}</p>
      ) : (
        <video ref={video} muted playsInline aria-label="What the camera sees" />
      )}
      <Button variant="default" onClick={onClose}>
        Close the camera
      </Button>
    </div>
  );
}
