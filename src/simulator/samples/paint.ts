/** Numbers from 0 to below 1, the same ones in the same order for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** A picture to be painted: its size in pixels and what stands in the SVG. */
export interface Scene {
  readonly width: number;
  readonly height: number;
  readonly content: string;
}

export function toSvg(scene: Scene): string {
  const { width, height, content } = scene;
  return `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${content}</svg>`;
}

/** A vertical gradient from stops like `0 #123456` or `0.5 #123456 0.4` (offset, colour, opacity). */
export function fade(id: string, ...stops: readonly string[]): string {
  return `<linearGradient id="${id}" x1="0" y1="0" x2="0" y2="1">${stops.map(toStop).join('')}</linearGradient>`;
}

/** A round gradient from the middle of its shape outwards, with stops as in `fade`. */
export function glow(id: string, ...stops: readonly string[]): string {
  return `<radialGradient id="${id}">${stops.map(toStop).join('')}</radialGradient>`;
}

function toStop(stop: string): string {
  const [offset = '0', colour = '#000', opacity = '1'] = stop.split(' ');
  return `<stop offset="${offset}" stop-color="${colour}" stop-opacity="${opacity}"/>`;
}

export function blur(id: string, x: number, y = x): string {
  return `<filter id="${id}" x="-50%" y="-50%" width="200%" height="200%"><feGaussianBlur stdDeviation="${x} ${y}"/></filter>`;
}

/** Cloud-like noise in one colour; `frequency` as in feTurbulence, `reach` how much of it shows, 0 to 1. */
export function haze(id: string, frequency: string, colour: string, reach: number, seed = 1): string {
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255);
  return `<filter id="${id}" x="0" y="0" width="100%" height="100%"><feTurbulence type="fractalNoise" baseFrequency="${frequency}" numOctaves="5" seed="${seed}"/><feColorMatrix values="0 0 0 0 ${red} 0 0 0 0 ${green} 0 0 0 0 ${blue} 3.2 0 0 0 ${(reach - 1.9).toFixed(2)}"/></filter>`;
}

/** A mask that lets its shape fade out towards its lower edge: `mask="url(#thin-out)"`. */
export const thinOut = `<linearGradient id="thin-out-fade" x1="0" y1="0" x2="0" y2="1"><stop offset="0.35" stop-color="#fff"/><stop offset="0.97" stop-color="#000"/></linearGradient><mask id="thin-out" maskContentUnits="objectBoundingBox"><rect width="1" height="1" fill="url(#thin-out-fade)"/></mask>`;

export function box(x: number, y: number, width: number, height: number, fill: string, more = ''): string {
  return `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" fill="${fill}" ${more}/>`;
}

export function disc(x: number, y: number, radius: number, fill: string, more = ''): string {
  return `<circle cx="${round(x)}" cy="${round(y)}" r="${round(radius)}" fill="${fill}" ${more}/>`;
}

export function oval(x: number, y: number, rx: number, ry: number, fill: string, more = ''): string {
  return `<ellipse cx="${round(x)}" cy="${round(y)}" rx="${round(rx)}" ry="${round(ry)}" fill="${fill}" ${more}/>`;
}

export function shape(points: readonly (readonly [number, number])[], fill: string, more = ''): string {
  return `<path d="M${points.map(([x, y]) => `${round(x)} ${round(y)}`).join('L')}Z" fill="${fill}" ${more}/>`;
}

export function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** The heights of a rough line at every `step` pixels: hills with `swing`, rougher towards 1. */
export function ridge(
  random: () => number,
  line: { readonly width: number; readonly base: number; readonly swing: number; readonly rough: number },
): (x: number) => number {
  const waves = Array.from({ length: 8 }, (_, octave) => ({
    length: line.width / (1.1 * 2 ** octave * (0.8 + random() * 0.4)),
    phase: random() * Math.PI * 2,
    swing: line.swing * (octave === 0 ? 1 : line.rough ** octave),
  }));
  return (x) =>
    line.base -
    waves.reduce((sum, wave, octave) => {
      const at = (x / wave.length) * Math.PI * 2 + wave.phase;
      const peak = octave < 2 ? Math.sin(at) : 1 - 2 * Math.abs(Math.sin(at / 2));
      return sum + peak * wave.swing;
    }, 0);
}

/** Everything below a line. */
export function land(
  scene: Omit<Scene, 'content'>,
  heightAt: (x: number) => number,
  fill: string,
  more = '',
): string {
  const points: [number, number][] = [];
  for (let x = -8; x <= scene.width + 8; x += 4) points.push([x, heightAt(x)]);
  points.push([scene.width + 8, scene.height + 8], [-8, scene.height + 8]);
  return shape(points, fill, more);
}

/** A fir seen against the light, its foot at x, y. */
export function fir(random: () => number, x: number, y: number, height: number, fill: string): string {
  const points: [number, number][] = [[x, y - height]];
  const left: [number, number][] = [];
  const tiers = Math.max(6, Math.round(height / 16));
  for (let tier = 1; tier <= tiers; tier += 1) {
    const part = tier / tiers;
    const reach = height * 0.2 * part * (0.75 + random() * 0.5);
    const at = y - height * (1 - part * 0.94);
    points.push([x + reach, at], [x + reach * 0.45, at - height * 0.012]);
    left.push([x - reach * (0.85 + random() * 0.3), at], [x - reach * 0.45, at - height * 0.012]);
  }
  points.push([x + height * 0.02, y - height * 0.06], [x + height * 0.02, y]);
  points.push([x - height * 0.02, y], [x - height * 0.02, y - height * 0.06]);
  return shape([...points, ...left.reverse()], fill);
}
