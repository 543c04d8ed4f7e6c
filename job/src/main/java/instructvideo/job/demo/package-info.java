/**
 * demo: the whole way on a tiny trained world, to one HTML page. Start with {@link
 * instructvideo.job.demo.DemoCommand}.
 */
package instructvideo.job.demo;
