/**
 * {@code doctor}: what is wrong here, and what to do. Start at {@link
 * instructvideo.job.doctor.DoctorCommand}.
 */
package instructvideo.job.doctor;
