/**
 * Files of tensors: safetensors mapped into memory, torch pickles that run no code, fingerprints.
 * Knows nothing but error and nn's types. Start with {@link instructvideo.format.StateDict}.
 */
package instructvideo.format;
