import {
  blur,
  box,
  disc,
  fade,
  glow,
  haze,
  land,
  oval,
  ridge,
  round,
  type Scene,
  seeded,
  shape,
  thinOut,
} from './paint.ts';

/** A white and red lighthouse on rocks above the sea in the evening. */
export function lighthouse(): Scene {
  const size = { width: 1200, height: 1800 };
  const random = seeded(23);
  const rocks = ['#54495a', '#3d3444', '#241f2c'].map((colour, index) => {
    const rough = ridge(random, { width: 1500, base: 1425 + index * 120, swing: 50, rough: 0.56 });
    return land(
      size,
      (x) => rough(x) + Math.max(0, 640 - x) * (0.42 - index * 0.1) - Math.max(0, x - 700) * 0.05,
      colour,
    );
  });
  const tower = (y: number): number => 62 + (y - 560) * 0.042;
  const band = (top: number, bottom: number, fill: string): string =>
    shape(
      [
        [760 - tower(top), top],
        [760 + tower(top), top],
        [760 + tower(bottom), bottom],
        [760 - tower(bottom), bottom],
      ],
      fill,
    );
  const waves = Array.from({ length: 240 }, () => {
    const depth = random() ** 1.6;
    const y = 1195 + depth * 420;
    return oval(
      random() * 1200,
      y,
      20 + depth * 90,
      1 + depth * 4,
      random() < 0.5 ? '#ffd2ae' : '#2d4560',
      `opacity="${round(0.15 + random() * 0.3)}"`,
    );
  });
  const content = `<defs>${fade('sky', '0 #35508a', '0.3 #8a86b5', '0.48 #e5a9a6', '0.62 #ffcf9f', '0.67 #ffe2b8')}${fade('sea', '0 #d9a08d', '0.15 #a07f92', '0.5 #54658a', '1 #243a58')}
    ${glow('lamp', '0 #fffbe0', '0.15 #fff0b0 0.8', '1 #ffdf90 0')}${thinOut}${haze('cloud', '0.0022 0.0062', '#ffdccb', 0.72, 9)}${haze('stone', '0.012 0.03', '#c99a92', 0.4, 3)}${blur('soft', 14)}${blur('far', 3)}
    <linearGradient id="round"><stop offset="0" stop-color="#1e2340" stop-opacity="0.62"/><stop offset="0.45" stop-color="#fff" stop-opacity="0"/><stop offset="0.8" stop-color="#ffd2a0" stop-opacity="0.25"/><stop offset="1" stop-color="#3a2b3a" stop-opacity="0.3"/></linearGradient>
    <clipPath id="rocks">${rocks.join('')}</clipPath></defs>
    ${box(0, 0, 1200, 1800, 'url(#sky)')}<g mask="url(#thin-out)">${box(0, 0, 1200, 1190, '#fff', 'filter="url(#cloud)" opacity="0.75"')}</g>
    ${disc(250, 1180, 330, 'url(#lamp)', 'opacity="0.85"')}${box(0, 1190, 1200, 610, 'url(#sea)')}${waves.join('')}
    ${shape(
      [
        [760, 545],
        [-300, 330],
        [-300, 560],
      ],
      '#fff3c4',
      'opacity="0.3" filter="url(#soft)"',
    )}
    ${band(560, 1500, '#f4eee6')}${band(680, 840, '#c0392f')}${band(1000, 1160, '#c0392f')}${band(560, 1500, 'url(#round)')}
    ${[740, 920, 1080, 1230].map((y) => box(752, y, 20, 38, '#2a2b3f', 'rx="9"')).join('')}
    ${box(676, 544, 168, 18, '#33334a', 'rx="4"')}${box(712, 462, 96, 84, '#fff2b8')}${[712, 742, 774, 802].map((x) => box(x, 462, 6, 84, '#33334a')).join('')}
    ${shape(
      [
        [700, 464],
        [820, 464],
        [760, 396],
      ],
      '#a32e28',
    )}${box(757, 366, 6, 34, '#33334a')}${disc(760, 505, 150, 'url(#lamp)', 'opacity="0.9"')}
    ${box(900, 1330, 150, 200, '#e8ddd2')}${shape(
      [
        [888, 1334],
        [1062, 1334],
        [1030, 1280],
        [920, 1280],
      ],
      '#7c2f2d',
    )}${box(930, 1358, 26, 30, '#ffd98a')}${box(994, 1358, 26, 30, '#ffd98a')}
    ${rocks.join('')}<g clip-path="url(#rocks)">${box(0, 1300, 1200, 500, '#fff', 'filter="url(#stone)" opacity="0.22"')}</g>`;
  return { ...size, content };
}
