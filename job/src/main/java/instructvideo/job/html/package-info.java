/**
 * What pages have in common: text in them, their templates, pictures inside. Knows no command.
 * Start with {@link instructvideo.job.html.Html}.
 */
package instructvideo.job.html;
