// barcode.mjs - a film of one picture: an EAN-13 barcode, black on white.
const WIDTH = 640, HEIGHT = 480;
const BAR = 4; // Pixels of the thinnest one.
const ODD = ['0001101', '0011001', '0010011', '0111101', '0100011', '0110001',
  '0101111', '0111011', '0110111', '0001011'];
const PARITY = ['OOOOOO', 'OOEOEE', 'OOEEOE', 'OOEEEO', 'OEOOEE', 'OEEOOE',
  'OEEEOO', 'OEOEOE', 'OEOEEO', 'OEEOEO'];
const swapped = (bits) => bits.replaceAll(/./g, (bit) => 1 - bit);
const backwards = (bits) => [...bits].reverse().join('');

function bits(code) {
  const digits = [...code].map(Number);
  const left = digits.slice(1, 7).map((digit, i) =>
    PARITY[digits[0]][i] === 'O' ? ODD[digit] : backwards(swapped(ODD[digit])));
  const right = digits.slice(7).map((digit) => swapped(ODD[digit]));
  return `101${left.join('')}01010${right.join('')}101`;
}

// Y4M: a head, and for each frame the brightness of each pixel, then colours.
export function film(code) {
  const bars = bits(code);
  const row = Buffer.alloc(WIDTH, 235);
  const left = Math.floor((WIDTH - bars.length * BAR) / 2);
  [...bars].forEach((bit, i) => {
    if (bit === '1') row.fill(16, left + i * BAR, left + (i + 1) * BAR);
  });
  const frame = Buffer.concat([Buffer.from('FRAME\n'),
    ...Array.from({ length: HEIGHT }, () => row),
    Buffer.alloc(WIDTH * HEIGHT / 2, 128)]);
  return Buffer.concat([
    Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F10:1 Ip A1:1 C420jpeg\n`),
    frame, frame]);
}
