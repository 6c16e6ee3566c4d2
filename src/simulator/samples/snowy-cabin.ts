import {
  blur,
  box,
  disc,
  fade,
  fir,
  glow,
  haze,
  land,
  oval,
  ridge,
  round,
  type Scene,
  seeded,
  shape,
} from './paint.ts';

/** A cabin with lit windows in the snow, under the Milky Way. */
export function snowyCabin(): Scene {
  const size = { width: 1800, height: 1200 };
  const random = seeded(97);
  const stars = Array.from({ length: 1500 }, (_, index) => {
    const along = random() * 1900 - 50;
    const inBand = index % 3 !== 0;
    const y = inBand ? 760 - along * 0.42 + (random() + random() + random() - 1.5) * 260 : random() * 800;
    const big = random() ** 7 * 3 + 0.6;
    return disc(
      along,
      y,
      big,
      random() < 0.2 ? '#ffe3c0' : '#e6efff',
      `opacity="${round(0.3 + random() * 0.7)}"`,
    );
  });
  const woods = (base: number, tall: number, count: number, fill: string): string =>
    Array.from({ length: count }, () =>
      fir(random, random() * 1800, base + random() * 26, tall * (0.5 + random() * 0.8), fill),
    ).join('');
  const snowFir = (x: number, y: number, tall: number): string => {
    const tiers = Array.from({ length: 9 }, (_, tier) => {
      const part = (tier + 1) / 9;
      const reach = tall * 0.25 * part + 4;
      const at = y - tall * (1 - part * 0.92);
      const shade = shape(
        [
          [x, at - tall * 0.16],
          [x + reach, at],
          [x + reach * 0.4, at - tall * 0.014],
          [x - reach * 0.5, at - tall * 0.01],
          [x - reach, at],
        ],
        '#0f1d33',
      );
      return `${shade}${shape(
        [
          [x - 2, at - tall * 0.16],
          [x + reach * 0.2, at - tall * 0.075],
          [x - reach * 0.15, at - tall * 0.035],
          [x - reach, at - 1],
          [x - reach * 0.5, at - tall * 0.07],
        ],
        '#b9cdec',
        'opacity="0.85"',
      )}`;
    });
    return `${box(x - tall * 0.018, y - tall * 0.1, tall * 0.036, tall * 0.11, '#141722')}${tiers.join('')}`;
  };
  const cabin = `${shape(
    [
      [1010, 830],
      [1010, 720],
      [1120, 640],
      [1230, 720],
      [1230, 830],
    ],
    '#3d271c',
  )}${shape(
    [
      [1230, 720],
      [1230, 830],
      [1430, 815],
      [1430, 712],
    ],
    '#2a1b16',
  )}
    ${Array.from({ length: 7 }, (_, row) => box(1010, 726 + row * 15, 220, 2, '#241610')).join('')}${shape(
      [
        [985, 738],
        [1120, 622],
        [1345, 612],
        [1462, 722],
        [1448, 732],
        [1250, 738],
        [1120, 646],
        [998, 748],
      ],
      '#dfe9fb',
    )}${shape(
      [
        [1120, 622],
        [1345, 612],
        [1462, 722],
        [1250, 736],
      ],
      '#a9bfe4',
    )}
    ${box(1330, 570, 34, 62, '#33221b')}${box(1326, 562, 42, 12, '#dfe9fb', 'rx="5"')}${box(1046, 746, 46, 46, '#ffd680')}${box(1150, 746, 46, 46, '#ffd680')}${box(1068, 746, 3, 46, '#4a2d1c')}${box(1172, 746, 3, 46, '#4a2d1c')}${box(1046, 768, 46, 3, '#4a2d1c')}${box(1150, 768, 46, 3, '#4a2d1c')}${shape(
      [
        [1290, 752],
        [1340, 749],
        [1340, 792],
        [1290, 796],
      ],
      '#f7b95c',
    )}${box(1101, 752, 38, 78, '#5b3823')}${disc(1069, 769, 120, 'url(#warm)')}${disc(1173, 769, 120, 'url(#warm)')}${disc(1315, 772, 100, 'url(#warm)')}`;
  const ground = (seed: number, base: number, swing: number): ((x: number) => number) =>
    ridge(seeded(seed), { width: 2200, base, swing, rough: 0.3 });
  const content = `<defs>${fade('sky', '0 #070d26', '0.35 #12265a', '0.6 #2b4f86', '0.72 #5d86ae')}${fade('snow', '0 #9db7dd', '0.4 #6685b8', '1 #24396a')}${fade('near', '0 #b4caea', '0.5 #5d7cb2', '1 #1a2c58')}${glow('warm', '0 #ffd78a 0.85', '0.35 #ffb557 0.3', '1 #ff9a3c 0')}${haze('milk', '0.0035 0.006', '#cfe0ff', 0.78, 41)}${blur('band', 70)}${blur('pool', 26, 14)}${blur('soft', 9)}${blur('far', 1.6)}
    <mask id="band-mask"><path d="M-80 800L1900 -20" stroke="#fff" stroke-width="210" filter="url(#band)"/></mask></defs>
    ${box(0, 0, 1800, 1200, 'url(#sky)')}<path d="M-80 800L1900 -20" stroke="#7fa2e0" stroke-width="150" opacity="0.4" filter="url(#band)"/><g mask="url(#band-mask)">${box(0, 0, 1800, 900, '#fff', 'filter="url(#milk)" opacity="0.75"')}</g>${stars.join('')}
    ${land(size, ridge(seeded(19), { width: 1800, base: 640, swing: 70, rough: 0.5 }), '#3d5f96')}${land(size, ridge(seeded(21), { width: 1800, base: 705, swing: 46, rough: 0.48 }), '#2a4677')}<g filter="url(#far)">${woods(770, 120, 120, '#142748')}</g>${land(size, ground(2, 775, 16), 'url(#snow)')}
    ${woods(815, 190, 22, '#0f1d38')}<path d="M1347 560C1340 500 1390 470 1370 420C1356 380 1400 340 1390 280" stroke="#c4d3ee" stroke-width="26" fill="none" opacity="0.35" filter="url(#soft)"/>${cabin}${land(size, ground(6, 842, 14), 'url(#near)')}
    ${oval(1130, 880, 270, 40, '#ffc774', 'opacity="0.42" filter="url(#pool)"')}<path d="M1118 838C1120 900 1000 940 960 1010C920 1080 820 1120 740 1230L960 1230C1000 1130 1050 1080 1080 1010C1110 940 1170 900 1146 838Z" fill="#4c6aa2" opacity="0.55" filter="url(#soft)"/>
    ${snowFir(250, 985, 520)}${snowFir(95, 1060, 640)}${snowFir(455, 915, 330)}${snowFir(1650, 1000, 500)}${snowFir(1540, 905, 290)}${snowFir(1775, 1080, 640)}`;
  return { ...size, content };
}
