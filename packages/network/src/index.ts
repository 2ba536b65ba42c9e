export type { AccessMatrix, AccessMatrixEntry, AccessMatrixOptions } from "./access-matrix";
export { placedSegments, type ClientNetwork, type NetworkPlacement, type PlacedSegment } from "./placement";
