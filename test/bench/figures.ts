/** Something measured. */
export interface Figure {
  /** What was measured, as the table and the file name it. */
  readonly name: string;
  readonly unit: 'ms' | 'MB' | 'times';
  /** The median of all rounds. */
  readonly value: number;
  /** All rounds, where there were several. */
  readonly all?: readonly number[];
  /** What nothing can be faster or smaller than, in the same unit. */
  readonly bound?: number;
  /** What it must not exceed, in the same unit (DESIGN.md, section 8). */
  readonly bar?: number;
}

export interface Report {
  /** When it was measured, in ISO 8601. */
  readonly at: string;
  readonly node: string;
  readonly cores: number;
  readonly figures: readonly Figure[];
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = 0, high = 0] =
    sorted.length % 2 === 1 ? [sorted[middle], sorted[middle]] : sorted.slice(middle - 1);
  return (low + high) / 2;
}

/** A figure of several rounds. */
export function figure(
  name: string,
  unit: Figure['unit'],
  all: readonly number[],
  { bound, bar }: Pick<Figure, 'bound' | 'bar'> = {},
): Figure {
  return {
    ...{ name, unit, value: median(all) },
    ...(all.length > 1 && { all }),
    ...(bound !== undefined && { bound }),
    ...(bar !== undefined && { bar }),
  };
}

/** Whether a figure is within its bar; undefined: it has none. */
export function isMet({ value, bar }: Figure): boolean | undefined {
  return bar === undefined ? undefined : value <= bar;
}

const amount = (value: number | undefined, unit: Figure['unit']) => {
  if (value === undefined) return '';
  if (unit === 'times') return `${value.toFixed(2)} ×`;
  const text = value < 10 ? value.toFixed(1) : Math.round(value).toLocaleString('en');
  return `${text} ${unit}`;
};

/** The figures as a table in Markdown, each beside its bound, its bar and what it was before. */
export function tableOf(figures: readonly Figure[], before: readonly Figure[] = []): string {
  const rows = figures.map((each) => {
    const { name, unit, value, bound, bar } = each;
    const earlier = before.find((other) => other.name === name && other.unit === unit);
    const met = isMet(each);
    return [
      name,
      amount(value, unit),
      amount(bound, unit),
      bound === undefined ? '' : (value / bound).toFixed(2),
      bar === undefined ? '' : `≤ ${amount(bar, unit)} ${met ? '✓' : '✗'}`,
      ...(before.length === 0
        ? []
        : [earlier === undefined ? '' : `${(value / earlier.value).toFixed(2)} ×`]),
    ];
  });
  const heads = ['', 'measured', 'bound', 'ratio', 'bar', ...(before.length === 0 ? [] : ['to before'])];
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = line(heads.map((_, at) => (at === 0 ? '---' : '--:')));
  return [line(heads), rule, ...rows.map(line)].join('\n');
}

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** A plot as SVG: for each figure with a bound or a bar how far it is from it, which is the line at 100 %. */
export function plotOf(figures: readonly Figure[]): string {
  const rows = figures.flatMap(({ name, value, bound, bar }) => {
    const limit = bar ?? bound;
    return limit === undefined ? [] : [{ name, share: value / limit, isBar: bar !== undefined }];
  });
  const [left, width, height] = [420, 1000, 24];
  const scale = (width - left - 70) / Math.max(1.2, ...rows.map(({ share }) => share));
  const bars = rows.map(({ name, share, isBar }, at) => {
    const y = 40 + at * height;
    const colour = !isBar ? '#8a8f98' : share <= 1 ? '#2f8f5b' : '#c2402a';
    return `<text x="${left - 10}" y="${y + 13}" text-anchor="end">${escaped(name)}</text><rect x="${left}" y="${y}" width="${(share * scale).toFixed(1)}" height="16" fill="${colour}"/><text x="${(left + share * scale + 6).toFixed(1)}" y="${y + 13}">${Math.round(share * 100)} %</text>`;
  });
  const line = (left + scale).toFixed(1);
  const bottom = 46 + rows.length * height;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${bottom + 10}" font-family="sans-serif" font-size="13"><rect width="100%" height="100%" fill="#fff"/><text x="${left}" y="22">Of the bar (green, red), or else of the bound (grey)</text><line x1="${line}" y1="30" x2="${line}" y2="${bottom}" stroke="#333" stroke-dasharray="3 3"/>${bars.join('')}</svg>\n`;
}
