/**
 * Watches training for reward hacking: looks at held-out prompts every few rounds, judges, and
 * remembers the best checkpoint. Start with {@link instructvideo.job.guard.GuardRules}.
 */
package instructvideo.job.guard;
