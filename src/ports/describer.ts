import type { Description } from '#post/state.ts';
import type { Checkable } from './check.ts';

export interface Describer extends Checkable {
  /**
   * Says what a picture shows and what mood it has. Takes a small JPEG without metadata. Costs money; what it cost
   * is counted. Throws `ServiceError`, and `OverBudget` where the money is not there. `isAskedFor`: somebody has asked
   * for another try, so it is asked also while it is left alone because it was down.
   */
  describe(picture: Buffer, isAskedFor?: boolean): Promise<Description>;
}
