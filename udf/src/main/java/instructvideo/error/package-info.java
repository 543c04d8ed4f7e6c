/** What a user can mend, as exceptions. Depends on nothing; everything may throw it. */
package instructvideo.error;
