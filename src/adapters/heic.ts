import { Worker } from 'node:worker_threads';
import { UnreadablePicture } from '#errors.ts';

/** What the thread is given. */
export interface HeicTask {
  readonly bytes: Buffer;
  readonly maxPixels: number;
}

/** What the thread answers: 8 bits each for red, green, blue and, where there is such, what is transparent; no gaps. */
export interface HeicPixels {
  readonly pixels: Uint8Array<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
  readonly channels: 3 | 4;
  /** Whether the colours are already weakened by what is transparent. */
  readonly premultiplied: boolean;
}

const worker = new URL('./heic-worker.ts', import.meta.url);
/** 48 megapixels take about five seconds on one slow core. */
const limitMs = 60_000;

/**
 * The main picture of a HEIC file, upright as its `irot` and `imir` boxes say; an orientation in its EXIF only
 * repeats them (ISO/IEC 23008-12, 6.5.10). Its colours are those of the file's own profile. Throws `UnreadablePicture`,
 * also when the thread that decodes dies, or has not answered within `limitMs`.
 */
export function decodeHeic(task: HeicTask, thread = { worker, limitMs }): Promise<HeicPixels> {
  return new Promise((resolve, reject) => {
    const running = new Worker(thread.worker, { workerData: task, stdout: true, stderr: true });
    const limit = setTimeout(() => end('decoding it takes too long'), thread.limitMs);
    function end(reason: string): void {
      clearTimeout(limit);
      reject(new UnreadablePicture(reason));
      void running.terminate();
    }
    running.once('message', (answer: HeicPixels) => {
      clearTimeout(limit);
      resolve(answer);
    });
    running.once('error', (error: Error) => end(`it is no whole HEIC (${error.message.split('\n')[0]})`));
    running.once('exit', () => end('its decoder ended without an answer'));
  });
}
