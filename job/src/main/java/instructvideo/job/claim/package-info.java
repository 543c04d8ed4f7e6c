/**
 * Who may write to an output: one driver at a time, kept apart by conditional writes on the store
 * itself.
 */
package instructvideo.job.claim;
