package instructvideo.train;

/** What a worker spends its time on. */
public enum Phase {
  /** Waiting for samples: reading the table, the shuffle. */
  READ,
  /** Loading models; zero after the first round. */
  LOAD,
  /** The steps of the partial chain, forward. */
  CHAIN,
  /** Decoding and scoring the chosen frames, forward and backward. */
  REWARD,
  /** Back-propagation through the last steps of the chain. */
  BACKWARD,
  /** Clipping and the optimizer's step. */
  OPTIMIZER
}
