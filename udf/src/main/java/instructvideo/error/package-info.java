/**
 * What a user can mend, as exceptions, and what no message may say. Depends on nothing; everything
 * may throw it.
 */
package instructvideo.error;
