// pdf.mjs - small PDF files, as carriers outside draw their labels.

// A PDF with a page for each text, 4 x 6 inches, as a carrier might draw it.
export function pdf(...texts) {
  const kids = texts.map((_, i) => `${4 + 2 * i} 0 R`).join(' ');
  const objects = ['<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [${kids}] /Count ${texts.length} ` +
      '/MediaBox [0 0 288 432] >>',
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>'];
  for (const [i, text] of texts.entries()) {
    const draw = `BT /F1 12 Tf 20 400 Td (${text}) Tj ET`;
    objects.push(`<< /Type /Page /Parent 2 0 R /Contents ${5 + 2 * i} 0 R ` +
      '/Resources << /Font << /F1 3 0 R >> >> >>',
    `<< /Length ${draw.length} >>\nstream\n${draw}\nendstream`);
  }
  let file = '%PDF-1.4\n';
  const places = objects.map((object, i) => {
    const at = file.length;
    file += `${i + 1} 0 obj\n${object}\nendobj\n`;
    return at;
  });
  const xref = file.length;
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n` +
    places.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('') +
    `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\n` +
    `startxref\n${xref}\n%%EOF\n`;
  return file;
}
