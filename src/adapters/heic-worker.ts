import { createRequire } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import type { HeicPixels, HeicTask } from './heic.ts';

// A thread of its own, started by heic.ts: its memory goes back to the system when it ends.
const { bytes, maxPixels }: HeicTask = workerData;
const require = createRequire(import.meta.url);
const libheif = require('libheif-js/wasm-bundle');

/** The main picture, whatever else is in the file; turned as the file says, with 8 bits per channel. */
async function decode(): Promise<HeicPixels> {
  const context = libheif.heif_context_alloc();
  whole(libheif.heif_context_read_from_memory(context, bytes));
  const picture = whole(libheif.heif_js_context_get_primary_image_handle(context));
  const size = libheif.heif_image_handle_get_width(picture) * libheif.heif_image_handle_get_height(picture);
  if (size > maxPixels) throw new Error(`it claims ${size} pixels`);
  const { heif_colorspace_RGB: rgb } = libheif.heif_colorspace;
  const hasAlpha = Boolean(libheif.heif_image_handle_has_alpha_channel(picture));
  const { heif_chroma_interleaved_RGB: opaque, heif_chroma_interleaved_RGBA: transparent } =
    libheif.heif_chroma;
  const decoded = whole(await libheif.heif_js_decode_image2(picture, rgb, hasAlpha ? transparent : opaque));
  const { width, height, channels: planes } = decoded;
  // They lie in the decoder's memory, which cannot be handed over.
  const [{ data, stride }]: readonly [{ data: Uint8Array; stride: number }] = planes;
  const channels = hasAlpha ? 4 : 3;
  const line = channels * width;
  const pixels = new Uint8Array(line * height);
  for (let y = 0; y < height; y += 1) pixels.set(data.subarray(y * stride, y * stride + line), y * line);
  const premultiplied = Boolean(libheif.heif_image_handle_is_premultiplied_alpha(picture));
  return { pixels, width, height, channels, premultiplied };
}

/** libheif answers with an error instead of throwing it; its code for "no error" is the only one that counts. */
function whole<T extends { readonly code?: unknown; readonly message?: string }>(answer: T): T {
  const { heif_error_Ok: ok } = libheif.heif_error_code;
  if (answer.code !== undefined && answer.code !== ok) throw new Error(answer.message);
  return answer;
}

const decoded = await decode();
parentPort?.postMessage(decoded, [decoded.pixels.buffer]);
