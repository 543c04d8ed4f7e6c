/**
 * The only source of randomness: numbers that depend on what they are for, never on when or where
 * they are drawn. Depends on nothing. Start with {@link instructvideo.random.CounterRandom}.
 */
package instructvideo.random;
