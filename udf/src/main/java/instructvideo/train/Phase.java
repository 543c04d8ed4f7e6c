package instructvideo.train;

/** What a worker spends its time on. */
public enum Phase {
  /** Waiting for samples: reading the table, the shuffle. */
  READ,
  /** Loading models; zero after the first round. */
  LOAD,
  /** The steps of the chain, forward. */
  CHAIN,
  /** Decoding and scoring the chosen frames; backward, too, where the reward has a gradient. */
  REWARD,
  /** Back-propagation through the UNet. */
  BACKWARD,
  /** Clipping and the optimizer's step. */
  OPTIMIZER
}
