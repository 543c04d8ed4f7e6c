/**
 * CLIP: its tokenizer, its text encoder, both towers under OpenCLIP's and Hugging Face's names.
 * Knows nn and the formats, no other model. Start with {@link instructvideo.clip.ClipModel}.
 */
package instructvideo.clip;
