// rank.ts - what of the palette stands on top, and is what Enter takes.

// Every word of what is typed begins a word of it.
export function isMet(text: string, wanted: string): boolean {
  const words = text.toLowerCase().split(/[\s()“”"/.,-]+/);
  return wanted.split(/\s+/).every((part) => words.some((word) => word.startsWith(part)));
}

interface Act {
  name: string;
  about: string;
}
interface Page {
  title: string;
}

// Acts met by their own name before those met by where they stand; pages by
// title. A page of just that name comes before any act, and any page before an
// act that is only about something of that name.
export function ranked<A extends Act, P extends Page>(acts: A[], pages: P[], wanted: string) {
  const named = acts.filter((one) => isMet(one.name, wanted));
  const about = acts.filter(
    (one) => !named.includes(one) && isMet(`${one.name} ${one.about}`, wanted),
  );
  const far = ({ title }: P) => {
    const text = title.toLowerCase();
    return text === wanted ? 0 : text.startsWith(wanted) ? 1 : 2;
  };
  const met = pages
    .filter((one) => one.title.toLowerCase().includes(wanted))
    .sort((a, b) => far(a) - far(b));
  const [first] = met;
  const isPageFirst = first !== undefined && (far(first) === 0 || named.length === 0);
  return { acts: [...named, ...about], pages: met, isPageFirst };
}
