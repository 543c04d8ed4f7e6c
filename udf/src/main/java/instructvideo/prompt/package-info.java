/**
 * Lists of prompts in the formats that users have, and the videos that belong to them. Depends on
 * nothing but error. Start with {@link instructvideo.prompt.PromptList}.
 */
package instructvideo.prompt;
