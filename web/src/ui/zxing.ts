// zxing.ts - reads codes off a video where the browser itself cannot.
import {
  BarcodeFormat,
  BinaryBitmap,
  DecodeHintType,
  HybridBinarizer,
  MultiFormatReader,
  RGBLuminanceSource,
} from '@zxing/library';

const WIDTH = 640;
// What stands on goods, bins and labels. A reader that is told of none reads none.
const FORMATS = [
  BarcodeFormat.EAN_13,
  BarcodeFormat.EAN_8,
  BarcodeFormat.UPC_A,
  BarcodeFormat.UPC_E,
  BarcodeFormat.CODE_128,
  BarcodeFormat.CODE_39,
  BarcodeFormat.ITF,
  BarcodeFormat.QR_CODE,
  BarcodeFormat.DATA_MATRIX,
];

export function readerOf() {
  const reader = new MultiFormatReader();
  reader.setHints(new Map([[DecodeHintType.POSSIBLE_FORMATS, FORMATS]]));
  const canvas = document.createElement('canvas');
  return async (video: HTMLVideoElement): Promise<string | null> => {
    if (!video.videoWidth) return null;
    canvas.width = WIDTH;
    canvas.height = Math.round((WIDTH * video.videoHeight) / video.videoWidth);
    const context = canvas.getContext('2d', { willReadFrequently: true });
    if (!context) return null;
    context.drawImage(video, 0, 0, canvas.width, canvas.height);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    const gray = new Uint8ClampedArray(canvas.width * canvas.height);
    for (let i = 0; i < gray.length; i++)
      gray[i] = ((data[i * 4] ?? 0) * 2 + (data[i * 4 + 1] ?? 0) * 5 + (data[i * 4 + 2] ?? 0)) >> 3;
    const source = new RGBLuminanceSource(gray, canvas.width, canvas.height);
    try {
      return reader.decode(new BinaryBitmap(new HybridBinarizer(source))).getText();
    } catch {
      return null; // Nothing to read in this picture.
    }
  };
}
