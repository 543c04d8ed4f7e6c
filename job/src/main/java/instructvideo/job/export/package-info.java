/**
 * export: a checkpoint's adapter in the formats of others. Start with {@link
 * instructvideo.job.export.ExportCommand}.
 */
package instructvideo.job.export;
