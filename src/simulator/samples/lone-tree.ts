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
  thinOut,
} from './paint.ts';

/** One tree in a field of barley under a wide sky. */
export function loneTree(): Scene {
  const size = { width: 1600, height: 1600 };
  const random = seeded(71);
  const wood: string[] = [];
  const tips: [number, number][] = [];
  const grow = (x: number, y: number, angle: number, length: number, wide: number): void => {
    const toX = x + Math.cos(angle) * length;
    const toY = y + Math.sin(angle) * length;
    wood.push(
      `<path d="M${round(x)} ${round(y)}L${round(toX)} ${round(toY)}" stroke-width="${round(wide)}"/>`,
    );
    if (wide < 8.5) tips.push([toX, toY]);
    if (wide < 2.4) return;
    const forks = wide > 12 ? 3 : 2;
    for (let fork = 0; fork < forks; fork += 1) {
      const turn = (fork - (forks - 1) / 2) * 0.62 + (random() - 0.5) * 0.4;
      grow(
        toX,
        toY,
        (angle + turn) * 0.93 - (Math.PI / 2) * 0.07,
        length * (0.74 + random() * 0.14),
        wide * 0.66,
      );
    }
  };
  grow(930, 1085, -Math.PI / 2 - 0.05, 150, 40);
  const shadow = tips.map(([x, y]) => oval(x, y + 8, 34, 26, '#2b4327', 'opacity="0.5"'));
  const crown = tips.flatMap(([x, y]) =>
    [0, 1, 2].map((layer) => {
      const fill = layer === 0 ? '#2f4a2a' : layer === 1 ? '#557335' : '#a3aa4e';
      const lift = layer * -9;
      return oval(
        x + (random() - 0.5) * 40 - layer * 6,
        y + lift + (random() - 0.5) * 30,
        15 + random() * 14 - layer * 4,
        11 + random() * 9 - layer * 3,
        fill,
        `opacity="${round(0.5 + random() * 0.4)}"`,
      );
    }),
  );
  const stalks = Array.from({ length: 3600 }, () => {
    const depth = random() ** 1.7;
    const x = random() * 1640 - 20;
    const y = 1100 + depth * 540;
    const tall = 8 + depth * 120;
    const fill = ['#f6dc8e', '#d9ac55', '#b98736', '#fbeab4', '#8f6a2c'][Math.floor(random() * 5)];
    return `<path d="M${round(x)} ${round(y)}q${round(tall * 0.05)} ${round(-tall * 0.6)} ${round(tall * (0.1 + random() * 0.2))} ${round(-tall)}" stroke="${fill}" stroke-width="${round(0.8 + depth * 4)}" opacity="${round(0.4 + random() * 0.5)}"/>`;
  });
  const content = `<defs>${fade('sky', '0 #4f86bd', '0.35 #8fb7d6', '0.6 #dfe6dd', '0.69 #fbe9c4')}${fade('field', '0 #ead292', '0.3 #d8b062', '1 #8a6428')}${thinOut}${haze('cloud', '0.0021 0.0046', '#ffffff', 0.82, 21)}${glow('sun', '0 #fffdf0', '0.3 #fff2c4 0.5', '1 #ffe6a8 0')}${blur('soft', 5)}${blur('leaf', 1.6)}</defs>
    ${box(0, 0, 1600, 1600, 'url(#sky)')}<g mask="url(#thin-out)">${box(0, 0, 1600, 1080, '#fff', 'filter="url(#cloud)" opacity="0.85"')}</g>${disc(240, 960, 760, 'url(#sun)')}
    ${land(size, ridge(seeded(3), { width: 1600, base: 1062, swing: 14, rough: 0.45 }), '#9fb0a0', 'filter="url(#soft)"')}${land(size, ridge(seeded(8), { width: 1600, base: 1084, swing: 8, rough: 0.4 }), '#7f9467', 'filter="url(#soft)"')}
    ${box(0, 1085, 1600, 515, 'url(#field)')}${oval(1060, 1104, 300, 16, '#6b5326', 'opacity="0.6" filter="url(#soft)"')}
    <g stroke="#3a2a1e" stroke-linecap="round" fill="none">${wood.join('')}</g><g filter="url(#leaf)">${shadow.join('')}${crown.join('')}</g>
    <g fill="none" stroke-linecap="round">${stalks.join('')}</g>${disc(180, 1000, 900, 'url(#sun)', 'opacity="0.55"')}`;
  return { ...size, content };
}
