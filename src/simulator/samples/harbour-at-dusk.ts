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

/** A harbour after sunset, its lights in the still water. */
export function harbourAtDusk(): Scene {
  const size = { width: 1800, height: 1200 };
  const random = seeded(51);
  const horizon = 640;
  const houses: string[] = [];
  const lights: string[] = [];
  for (let x = -20; x < 1820; ) {
    const wide = 46 + random() * 62;
    const tall = 52 + random() * 88 + 60 * Math.exp(-(((x - 520) / 300) ** 2));
    const shade = ['#2a2540', '#322a47', '#241f38', '#3a2f4c'][Math.floor(random() * 4)] ?? '#2a2540';
    houses.push(box(x, horizon - tall, wide, tall, shade));
    houses.push(
      shape(
        [
          [x - 4, horizon - tall],
          [x + wide + 4, horizon - tall],
          [x + wide / 2, horizon - tall - wide * 0.42],
        ],
        shade,
      ),
    );
    for (let row = horizon - tall + 14; row < horizon - 18; row += 24) {
      for (let column = x + 9; column < x + wide - 14; column += 19) {
        if (random() < 0.36) lights.push(box(column, row, 8, 12, random() < 0.7 ? '#ffd27a' : '#ffb257'));
      }
    }
    x += wide + 2;
  }
  const lamps = Array.from({ length: 17 }, (_, index) => {
    const x = 40 + index * 108 + random() * 24;
    return `${box(x - 1, horizon - 34, 2, 34, '#17142a')}${disc(x, horizon - 36, 4, '#fff1c4')}${disc(x, horizon - 36, 34, 'url(#lamp)')}`;
  });
  const boats = Array.from({ length: 11 }, () => {
    const x = 90 + random() * 1640;
    const long = 60 + random() * 70;
    const mast = long * (1.5 + random() * 0.7);
    const y = horizon + 18 + random() * 26;
    return `${shape(
      [
        [x - long / 2, y - 16],
        [x + long / 2 + 10, y - 18],
        [x + long / 2 - 6, y],
        [x - long / 2 + 8, y],
      ],
      '#15132a',
    )}${box(x - long * 0.2, y - 27, long * 0.34, 12, '#221f3b')}${box(x - 1, y - 16 - mast, 2.4, mast, '#15132a')}<path d="M${round(x)} ${round(y - 16 - mast)}L${round(x - long / 2)} ${round(y - 16)}M${round(x)} ${round(y - 16 - mast)}L${round(x + long / 2)} ${round(y - 18)}" stroke="#15132a" stroke-width="1" fill="none"/>`;
  });
  const church = `${box(500, 400, 52, 240, '#2a2540')}${shape(
    [
      [494, 402],
      [558, 402],
      [526, 290],
    ],
    '#241f38',
  )}${box(520, 440, 12, 22, '#ffd27a')}`;
  const hills = land(
    size,
    ridge(seeded(14), { width: 1800, base: 540, swing: 42, rough: 0.45 }),
    '#6d567f',
    'opacity="0.75"',
  );
  const shore = `${hills}${church}${houses.join('')}${lights.join('')}${lamps.join('')}`;
  const ripples = Array.from({ length: 420 }, () => {
    const depth = random() ** 1.4;
    return oval(
      random() * 1800,
      horizon + 34 + depth * 540,
      18 + depth * 120,
      0.8 + depth * 3.4,
      random() < 0.5 ? '#f6b592' : '#1b1f42',
      `opacity="${round(0.1 + random() * 0.22)}"`,
    );
  });
  const content = `<defs>${fade('sky', '0 #1d2a5e', '0.2 #4a4484', '0.36 #a3628f', '0.46 #ee8f76', '0.54 #ffc98a')}${fade('water', '0 #f0a37c', '0.16 #b56c86', '0.5 #4b4480', '1 #161c44')}${glow('lamp', '0 #ffe7a8 0.9', '0.3 #ffc976 0.4', '1 #ffb050 0')}
    ${thinOut}${haze('cloud', '0.0016 0.0085', '#ff9f8a', 0.7, 17)}${blur('halo', 7)}${fade('deep', '0 #12163a 0', '1 #12163a 0.75')}
    <filter id="water-glass" x="-5%" y="-5%" width="110%" height="110%"><feGaussianBlur stdDeviation="2 9"/><feOffset dx="0" dy="0" result="b"/><feTurbulence type="fractalNoise" baseFrequency="0.004 0.07" numOctaves="3" seed="6" result="n"/><feDisplacementMap in="b" in2="n" scale="46" xChannelSelector="R" yChannelSelector="G"/></filter><clipPath id="sea">${box(0, horizon, 1800, 560, '#000')}</clipPath></defs>
    ${box(0, 0, 1800, 1200, 'url(#sky)')}<g mask="url(#thin-out)">${box(0, 0, 1800, 640, '#fff', 'filter="url(#cloud)" opacity="0.5"')}</g>${shore}<g filter="url(#halo)" opacity="0.8">${lights.join('')}</g>
    ${box(0, horizon, 1800, 560, 'url(#water)')}<g clip-path="url(#sea)"><g filter="url(#water-glass)" opacity="0.9"><g transform="translate(0 ${horizon * 2.25}) scale(1 -1.25)">${shore}</g></g><g opacity="0.55" filter="url(#water-glass)"><g transform="translate(0 ${horizon * 2.9}) scale(1 -1.9)">${lamps.join('')}${lights.join('')}</g></g>${ripples.join('')}</g>
    ${box(0, horizon - 6, 1800, 12, '#15132a')}${boats.join('')}${box(0, 800, 1800, 400, 'url(#deep)')}`;
  return { ...size, content };
}
