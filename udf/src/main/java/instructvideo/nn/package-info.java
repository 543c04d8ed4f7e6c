/**
 * What PyTorch has and DJL has not: differentiable functions in TorchScript, layers made of their
 * weights, the engine's start. Knows nothing but error. Start with {@link instructvideo.nn.Weights}
 * and {@link instructvideo.nn.Functional}.
 */
package instructvideo.nn;
