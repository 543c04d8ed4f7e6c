/**
 * One HTML page about a training run and an evaluation: what came of it first, then the figures,
 * clips, failures and settings behind it. All text in it is untrusted. Knows no other command's
 * parts but the records of {@code train} and {@code evaluate}. Start with {@link
 * instructvideo.job.report.ReportCommand}; {@link instructvideo.job.report.Report} makes the
 * sections, {@link instructvideo.job.report.ReportPage} the page of any sections.
 */
package instructvideo.job.report;
