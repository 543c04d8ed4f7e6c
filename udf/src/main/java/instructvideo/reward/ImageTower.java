package instructvideo.reward;

/** A reward whose first step is the image feature of a CLIP model. */
interface ImageTower {

  /** The model and how pictures come to it. */
  ClipReward clip();
}
