/**
 * Gradients of parts of a graph, so that no part has to be kept while another runs. Knows nn. Start
 * with {@link instructvideo.autograd.Checkpoint}.
 */
package instructvideo.autograd;
