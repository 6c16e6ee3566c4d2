import type { Description } from '#post/state.ts';

export interface Describer {
  /**
   * Says what a picture shows and what mood it has. Takes a small JPEG without metadata; may cost money.
   * Throws `ServiceError`.
   */
  describe(picture: Buffer): Promise<Description>;
}
