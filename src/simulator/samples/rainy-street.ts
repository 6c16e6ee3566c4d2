import { blur, box, disc, fade, glow, haze, oval, round, type Scene, seeded, shape } from './paint.ts';

/** A wet street at night, its lights out of focus, one walker with an umbrella. */
export function rainyStreet(): Scene {
  const size = { width: 1600, height: 1600 };
  const random = seeded(83);
  const hues = ['#ffb347', '#ff7a4d', '#ffd98a', '#63c7ff', '#ff4f6d', '#8affc7', '#ffe9c2', '#b18cff'];
  const spots = Array.from({ length: 74 }, () => {
    const side = random() < 0.5 ? -1 : 1;
    const out = random() ** 0.75;
    return {
      x: 800 + side * (70 + out * 760),
      y: 830 - random() * (130 + out * 560),
      big: 16 + out * 62 * (0.5 + random() * 0.6),
      hue: hues[Math.floor(random() * hues.length)] ?? '#ffb347',
    };
  });
  const bokeh = spots.map(
    ({ x, y, big, hue }) =>
      `${disc(x, y, big * 2, hue, 'opacity="0.1"')}${disc(x, y, big, hue, `opacity="0.5" stroke="${hue}" stroke-width="3"`)}${disc(x - big * 0.1, y - big * 0.1, big * 0.8, '#fff', 'opacity="0.07"')}`,
  );
  const mirror = spots.map(({ x, y, big, hue }) =>
    oval(x, 960 + (830 - y) * 0.75, big * 0.75, big * 3.4, hue, 'opacity="0.36"'),
  );
  const rain = Array.from({ length: 420 }, () => {
    const x = random() * 1640;
    const y = random() * 1600;
    const long = 24 + random() * 60;
    return `<path d="M${round(x)} ${round(y)}l${round(-long * 0.12)} ${round(long)}" stroke-width="${round(0.8 + random() * 1.2)}" opacity="${round(0.1 + random() * 0.2)}"/>`;
  });
  const splashes = Array.from({ length: 170 }, () => {
    const depth = random();
    return oval(
      random() * 1600,
      1000 + depth * 580,
      4 + depth * 16,
      1.4 + depth * 4,
      'none',
      `stroke="#dfe8ff" stroke-width="1.4" opacity="${round(0.12 + random() * 0.25)}"`,
    );
  });
  const walls = [
    [-20, 330, 70, '#141a30'],
    [310, 250, 330, '#1a2038'],
    [1030, 250, 300, '#1b2038'],
    [1270, 350, 40, '#12172c'],
  ] as const;
  const walker = `<path d="M604 700C612 560 700 500 800 496C900 500 988 560 996 700C960 672 930 672 900 696C870 668 830 668 800 694C770 668 730 668 700 696C670 672 640 672 604 700Z" fill="#a3172c"/><path d="M604 700C612 560 700 500 800 496C740 540 706 600 700 696C670 672 640 672 604 700Z" fill="#6f0f22"/><path d="M800 496C900 500 988 560 996 700C960 672 930 672 900 696C890 600 860 540 800 496Z" fill="#8b1226"/>
    ${box(797, 480, 6, 20, '#12121c')}${box(798, 690, 4, 180, '#12121c')}${disc(800, 752, 34, '#12121c')}<path d="M740 1020C734 900 736 820 766 798C780 788 820 788 834 798C864 820 866 900 860 1020Z" fill="#161724"/>${shape(
      [
        [762, 1015],
        [796, 1015],
        [792, 1190],
        [766, 1190],
      ],
      '#0f1019',
    )}${shape(
      [
        [806, 1015],
        [840, 1015],
        [842, 1176],
        [814, 1176],
      ],
      '#0f1019',
    )}${oval(778, 1194, 24, 9, '#0f1019')}${oval(829, 1180, 22, 9, '#0f1019')}`;
  const content = `<defs>${fade('sky', '0 #0a0f24', '0.4 #1e2346', '0.52 #4a3550')}${fade('road', '0 #3a2f48', '0.2 #1e2038', '1 #090b17')}${blur('far', 12)}${blur('wet', 9, 34)}${blur('edge', 1.2)}${blur('walk', 10, 22)}${glow('heart', '0 #ffdca0 0.95', '0.35 #ff9c5a 0.4', '1 #ff7a4d 0')}${haze('asphalt', '0.02 0.11', '#c9d2ff', 0.5, 31)}${fade('edge-dark', '0 #05060e 0.5', '0.25 #05060e 0', '0.75 #05060e 0', '1 #05060e 0.6')}</defs>
    ${box(0, 0, 1600, 1600, 'url(#sky)')}<g filter="url(#far)">${walls.map(([x, wide, top, fill]) => box(x, top, wide, 800, fill)).join('')}</g>${disc(800, 800, 430, 'url(#heart)')}
    <g filter="url(#edge)">${bokeh.join('')}</g>${box(0, 900, 1600, 700, 'url(#road)')}${oval(800, 930, 330, 120, 'url(#heart)')}${oval(800, 1130, 150, 420, 'url(#heart)', 'opacity="0.75"')}<g filter="url(#wet)">${mirror.join('')}</g>
    ${box(0, 900, 1600, 700, '#fff', 'filter="url(#asphalt)" opacity="0.16"')}${splashes.join('')}<g transform="translate(0 2376) scale(1 -1)" opacity="0.6" filter="url(#walk)">${walker}</g>${walker}<g stroke="#e6ecff" stroke-linecap="round">${rain.join('')}</g>${box(0, 0, 1600, 1600, 'url(#edge-dark)')}`;
  return { ...size, content };
}
